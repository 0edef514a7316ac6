"""What is secret: where each value is known to the operator, and which services read it."""

from __future__ import annotations

from readiness.config.models import Name, StrictModel, Text
from readiness.config.secrets import SecretReference


class KeptSecret(StrictModel):
    """A secret of the deployment. `readers`: the services whose copies have it, and nobody else has.

    `replaced_with`: what it is replaced together with, such as its certificate, instead of month by month.
    """

    name: Name
    value: SecretReference
    readers: tuple[Name, ...] = ()
    replaced_with: Text | None = None
