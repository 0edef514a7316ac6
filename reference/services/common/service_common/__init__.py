"""What every service of this deployment does the same way: settings, logs, headers, metrics, health, draining."""
