"""Timelines for readers of the report: several lines over the same time, one panel below the other."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from readiness.drills.growth import Growth
from readiness.drills.sizing import Phase
from readiness.report.pictures import COLOURS, INK, PAPER, QUIET, TEXT, TITLE

WIDTH, PANEL, GAP = 900, 130, 46
LEFT, RIGHT, TOP = 60, 20, 80
BAND = "#eef2f6"
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line of a panel. `steps`: it keeps each value until the next."""

    label: str
    points: tuple[Point, ...]
    steps: bool = False


@dataclass(frozen=True)
class Panel:
    """Lines over the same time on the same scale, which goes from 0 to at least `top`."""

    title: str
    lines: tuple[Line, ...]
    top: float


def picture_of_growth(seen: Growth) -> bytes:
    """Copies, use of the processor and latency, through the whole visit. PNG."""
    began = seen.samples[0].at
    used = tuple(
        (each.at - began, 100 * each.processor) for each in seen.samples if each.processor is not None
    )
    answered = [each for each in seen.load if each.answered]
    panels = (
        Panel(
            "copies",
            (
                Line("asked for", tuple((each.at - began, each.asked) for each in seen.samples), steps=True),
                Line(
                    "running",
                    tuple((each.at - began, len(each.running)) for each in seen.samples),
                    steps=True,
                ),
            ),
            seen.least + 1,
        ),
        Panel("processor, % of the limit, mean over the copies", (Line("used", used),), 100),
        Panel(
            "latency, ms",
            (
                Line("median", tuple((each.at - began, 1000 * each.p50) for each in answered)),
                Line("95 of 100 below", tuple((each.at - began, 1000 * each.p95) for each in answered)),
            ),
            10,
        ),
    )
    phases = tuple(Phase(each.name, each.began - began, each.ended - began) for each in seen.phases)
    return timeline(f"{seen.examined} requests, and the copies that answered them", panels, phases)


def timeline(title: str, panels: Sequence[Panel], phases: Sequence[Phase]) -> bytes:
    """The panels over one axis of seconds; phases are bands behind them. PNG."""
    picture = Image.new("RGB", (WIDTH, TOP + (PANEL + GAP) * len(panels)), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((12, 10), title, fill=INK, font=ImageFont.load_default(size=TITLE))
    times = [at for panel in panels for line in panel.lines for at, _ in line.points]
    last = max([1.0, *times, *(phase.ended for phase in phases)])
    scale = (WIDTH - LEFT - RIGHT) / last
    text = ImageFont.load_default(size=TEXT - 2)
    for number, phase in enumerate(phases):
        left, right = LEFT + phase.began * scale, LEFT + phase.ended * scale
        if number % 2 == 0:
            draw.rectangle((left, TOP, right, picture.height - GAP), fill=BAND)
        draw.text((left + 2, 40 + 16 * (number % 2)), phase.name, fill=QUIET, font=text)
    for number, panel in enumerate(panels):
        _draw_panel(draw, panel, TOP + (PANEL + GAP) * number, scale)
    for second in range(0, math.floor(last) + 1, 20):
        draw.text((LEFT + second * scale, picture.height - 18), f"{second} s", fill=INK, font=text)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _draw_panel(draw: ImageDraw.ImageDraw, panel: Panel, top: int, scale: float) -> None:
    text = ImageFont.load_default(size=TEXT - 2)
    highest = max([panel.top, *(value for line in panel.lines for _, value in line.points)])
    bottom = top + PANEL
    draw.line((LEFT, bottom, WIDTH - RIGHT, bottom), fill=QUIET)
    draw.line((LEFT, top + 18, LEFT, bottom), fill=QUIET)
    for value, place in ((0, bottom - 8), (highest, top + 12)):
        draw.text((10, place), f"{value:g}" if value < 100 else f"{value:.0f}", fill=INK, font=text)
    draw.text((LEFT, top), panel.title, fill=INK, font=text)
    place = LEFT + 40 + round(draw.textlength(panel.title, font=text))
    for line, colour in zip(panel.lines, COLOURS, strict=False):
        draw.text((place, top), line.label, fill=colour, font=text)
        place += 24 + round(draw.textlength(line.label, font=text))
        points = _stepped(line.points) if line.steps else line.points
        height = (PANEL - 20) / highest
        draw.line(
            [(LEFT + at * scale, bottom - value * height) for at, value in points], fill=colour, width=2
        )


def _stepped(points: Sequence[Point]) -> list[Point]:
    corners = list(points[:1])
    for (_, former), (at, value) in pairwise(points):
        corners += [(at, former), (at, value)]
    return corners
