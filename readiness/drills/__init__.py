"""Longer experiments: actions and probes together, returned as one observation for many judgements."""
