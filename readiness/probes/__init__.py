"""Looks at a target that change nothing and return observations."""
