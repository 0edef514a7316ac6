"""Where what happens in a deployment is written down, beside the logs of its copies."""

from __future__ import annotations

from readiness.config.models import Name, StrictModel, Text, Url, UrlPath


class Sink(StrictModel):
    """Something that people read, at an address for operators. `holds`: a text that stands in it, so that it was really read.

    `{mark}` in it is a text of ours, which comes there by an alert that we raise (`alerts` of the profile).
    """

    name: Name
    url: Url
    path: UrlPath
    holds: Text
