"""What every service here does the same way: settings, logs, headers, metrics, health, draining."""
