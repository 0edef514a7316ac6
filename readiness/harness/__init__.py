"""The harness of a run: the run itself, the typed state of a scenario, evidence, undo, safety."""
