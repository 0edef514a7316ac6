"""Pictures for readers of the report, drawn from observations. They show what is judged elsewhere, and judge nothing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from readiness.drills.sharing import Shares

WIDTH = 900
ROW = 34
LEFT, RIGHT, TOP = 180, 110, 70
INK, PAPER, QUIET = "#1f2933", "#ffffff", "#9aa5b1"
COLOURS = ("#2f6f9f", "#e0a030", "#5a9367", "#b5525c")
TEXT, TITLE = 15, 19


@dataclass(frozen=True)
class Row:
    """One bar of a chart: its label, and the numbers of which it is put together."""

    label: str
    parts: tuple[float, ...]


def picture_of_shares(seen: Shares) -> bytes:
    """A bar for each copy: its requests over kept and over new connections; a line marks an equal share. PNG."""
    rows = [Row(share.instance, (share.kept, share.new)) for share in seen.shares]
    total = sum(sum(row.parts) for row in rows)
    title = f"{seen.examined} visitors, by the copy that served them"
    return bar_chart(title, ("connection kept", "new connection"), rows, mark=total / max(1, len(rows)))


def bar_chart(title: str, kinds: Sequence[str], rows: Sequence[Row], *, mark: float) -> bytes:
    """Stacked horizontal bars, one colour for each kind of part, and a vertical line at `mark`. PNG."""
    picture = Image.new("RGB", (WIDTH, TOP + ROW * len(rows) + ROW), PAPER)
    draw = ImageDraw.Draw(picture)
    text, heading = (ImageFont.load_default(size) for size in (TEXT, TITLE))
    draw.text((12, 10), title, fill=INK, font=heading)
    place = LEFT
    for kind, colour in zip(kinds, COLOURS, strict=False):
        draw.rectangle((place, 44, place + 12, 56), fill=colour)
        draw.text((place + 18, 41), kind, fill=INK, font=text)
        place += 60 + round(draw.textlength(kind, font=text))
    scale = (WIDTH - LEFT - RIGHT) / max(1.0, mark, *(sum(row.parts) for row in rows))
    for number, row in enumerate(rows):
        top, right = TOP + ROW * number, float(LEFT)
        draw.text((12, top + 5), row.label, fill=INK, font=text)
        for part, colour in zip(row.parts, COLOURS, strict=False):
            draw.rectangle((right, top + 3, right + part * scale, top + ROW - 7), fill=colour)
            right += part * scale
        told = f"{sum(row.parts):g} = " + " + ".join(f"{part:g}" for part in row.parts)
        draw.text((right + 8, top + 5), told, fill=INK, font=text)
    line = LEFT + mark * scale
    draw.line((line, TOP - 4, line, TOP + ROW * len(rows)), fill=QUIET, width=2)
    draw.text((line - 40, TOP + ROW * len(rows) + 4), f"equal: {mark:g}", fill=QUIET, font=text)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
