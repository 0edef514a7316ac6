"""What is secret: where each value is known to the operator, and which services read it."""

from __future__ import annotations

from readiness.config.models import Name, StrictModel
from readiness.config.secrets import SecretReference


class KeptSecret(StrictModel):
    """A secret of the deployment. `readers`: the services whose copies have it, and nobody else has.

    `of_certificate`: it is the key of a certificate, so it is replaced with that, and not month by month.
    """

    name: Name
    value: SecretReference
    readers: tuple[Name, ...] = ()
    of_certificate: bool = False
