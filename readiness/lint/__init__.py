"""The house rules for features and steps: found before anything runs, because behave itself lets most of them pass silently."""
