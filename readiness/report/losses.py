"""Timelines for readers of the report, drawn from observations. They show what is judged elsewhere, and judge nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from readiness.drills.regions import Loss, RegionLosses
from readiness.report.pictures import COLOURS, INK, PAPER, QUIET, TEXT, TITLE

WIDTH, PANEL, HEAD = 1000, 210, 60
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 34, 46
RIGHT_ANSWER, WRONG_ANSWER = "#5a9367", "#c0392b"


def picture_of_losses(seen: RegionLosses) -> bytes:
    """For each loss: copies of the service in each region over time, and every answer to a customer, wrong ones in red. PNG."""
    picture = Image.new("RGB", (WIDTH, HEAD + PANEL * len(seen.losses)), PAPER)
    draw = ImageDraw.Draw(picture)
    text, heading = (ImageFont.load_default(size) for size in (TEXT, TITLE))
    draw.text((12, 8), f"Copies of {seen.service} in each region while one is lost", fill=INK, font=heading)
    regions = dict.fromkeys(
        share.region for loss in seen.losses for look in loss.looks for share in look.shares
    )
    colours = dict(zip(regions, COLOURS, strict=False))
    place = 12
    for region, colour in colours.items():
        draw.rectangle((place, 38, place + 12, 50), fill=colour)
        draw.text((place + 18, 35), region, fill=INK, font=text)
        place += 60 + round(draw.textlength(region, font=text))
    for number, loss in enumerate(seen.losses):
        _panel(draw, HEAD + PANEL * number, loss, seen.service, colours)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _panel(draw: ImageDraw.ImageDraw, top: int, loss: Loss, service: str, colours: dict[str, str]) -> None:
    text = ImageFont.load_default(TEXT)
    times = [look.at - loss.began for look in loss.looks] + [each.asked - loss.began for each in loss.visits]
    first, last = min(times, default=0.0), max(times, default=1.0)
    most = max(
        (share.copies for look in loss.looks for share in look.shares if share.service == service), default=1
    )
    floor = top + PANEL - BOTTOM

    def x(seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (seconds - first) / max(0.1, last - first)

    def y(copies: float) -> float:
        return floor - (PANEL - TOP - BOTTOM) * copies / max(1, most)

    draw.text((LEFT, top + 4), f"{loss.region} is lost at 0 s", fill=INK, font=text)
    for copies in range(most + 1):
        draw.text((34, y(copies) - 9), str(copies), fill=QUIET, font=text)
    for seconds, words in ((0.0, ""), (loss.noticed, "noticed"), (loss.replaced, "replaced")):
        draw.line((x(seconds), top + TOP, x(seconds), floor), fill=QUIET)
        draw.text((x(seconds) + 3, top + 18), words, fill=QUIET, font=text)
    _lines(draw, loss, service, colours, x, y)
    for each in loss.visits:
        at = x(each.asked - loss.began)
        draw.line((at, floor + 6, at, floor + 20), fill=RIGHT_ANSWER if each.right else WRONG_ANSWER, width=2)
    draw.text(
        (LEFT, floor + 24),
        "answers to customers, by the time of asking; red: wrong or none",
        fill=QUIET,
        font=text,
    )
    draw.text((WIDTH - 90, floor + 24), f"{last:.0f} s", fill=QUIET, font=text)


def _lines(
    draw: ImageDraw.ImageDraw,
    loss: Loss,
    service: str,
    colours: dict[str, str],
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> None:
    for nudge, (region, colour) in enumerate(colours.items()):
        points = [
            (x(look.at - loss.began), y(share.copies) - 2 * nudge)
            for look in loss.looks
            for share in look.shares
            if (share.region, share.service) == (region, service)
        ]
        for one, other in pairwise(points):
            draw.line((*one, other[0], one[1]), fill=colour, width=3)
            draw.line((other[0], one[1], *other), fill=colour, width=3)
