"""What a meter reported beside the truth: while its exporter looked, which a sample's time and the length of its scrape tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from readiness.targets.metrics import Series

# Seconds that a scrape may take where its length is not told, and in which clocks may differ.
AT_LEAST, MARGIN = 1.0, 0.2
