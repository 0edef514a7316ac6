"""The JSON schema of `results/readiness.json`, made from the types that write it."""

from __future__ import annotations

import json
from pathlib import Path

from readiness.report.ledger import ADAPTER, SCHEMA

FILE = Path("docs/schemas") / f"readiness-{SCHEMA}.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text() -> str:
    """The schema as it is kept in the repository. Keys may be added to a ledger, so unknown ones are allowed."""
    made = ADAPTER.json_schema(mode="serialization")
    head = {"$schema": DIALECT, "title": "The ledger of a readiness run, results/readiness.json"}
    return json.dumps({**made, **head}, indent=2, ensure_ascii=False) + "\n"
