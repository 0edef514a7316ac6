"""Proves the checks: seeded defects that they must catch, decoys that they must leave alone. `python -m defects`."""
