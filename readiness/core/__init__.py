"""Words shared by all rooms: units, budgets, verdicts, waiting, errors. No I/O, no imports from other rooms."""
