"""The page to sign as PDF, laid out by WeasyPrint from the very HTML that browsers show."""

from __future__ import annotations

from pathlib import Path

from readiness.core.errors import CannotLook

NAME = "signoff.pdf"
TO_DO = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


class PdfUnavailable(CannotLook):
    """The PDF cannot be made on this machine; the message says what to do."""


def write_pdf(html: str, path: Path) -> int:
    """Write the page as PDF and return on how many sheets of A4 it is. PdfUnavailable without Pango, which draws its letters."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        first = str(error).strip().splitlines()[0]
        raise PdfUnavailable(f"no PDF of the page could be made: {first}. To do: {TO_DO}") from error
    document = HTML(string=html, base_url=str(path.parent)).render()
    document.write_pdf(path)
    return len(document.pages)
