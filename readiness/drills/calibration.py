"""A load of known size in a container of our own; what the meters say of it, beside what the kernel told at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from readiness.actions import calibrated
from readiness.actions.copies import start_clone
from readiness.config.meters import Meters
from readiness.core.errors import CannotLook, CapabilityMissing
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.comparing import SCRAPES, Compared, Taken, grown, level, scrape_lengths, summed
from readiness.harness.undo import UndoStack
from readiness.targets.platform import Replica
from readiness.targets.target import Target

CLONE = "readiness-calibration"
# Of the memory limit; what is written twice goes to the page cache, up to the limit.
HELD, FULL, WRITTEN = 0.58, 0.90, 0.29
