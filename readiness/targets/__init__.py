"""Targets: what a deployment under test offers, as small protocols, with one adapter per kind of platform."""
