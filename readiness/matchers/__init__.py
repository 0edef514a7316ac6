"""Pure PyHamcrest matchers: an observation against a policy. No I/O: every limit is unit-tested without a target."""
