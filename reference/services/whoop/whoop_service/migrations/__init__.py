"""The migrations, in plain SQL. Each keeps the release before it working (expand, then contract)."""
