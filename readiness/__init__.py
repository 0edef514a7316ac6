"""The library under the steps of the production-readiness acceptance specification."""
