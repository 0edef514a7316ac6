"""Pure PyHamcrest matchers: an observation against a budget or a policy. No I/O, so every limit is unit-tested without a target."""
