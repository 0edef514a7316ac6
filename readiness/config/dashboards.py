"""The pages on which operators see how the service is."""

from __future__ import annotations

from readiness.config.models import StrictModel, Text, Url


class Dashboard(StrictModel):
    """A page. `panel` selects its panels (CSS), `title` a panel's title, `shows` what stands in a panel only when it has data."""

    name: Text
    url: Url
    panel: Text
    title: Text
    shows: Text
