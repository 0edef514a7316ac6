"""Keeps copies of the deployment's data: makes them, tries them out by restoring them, clears away old ones, restores."""
