"""What a target can offer, by the names that `@needs.…` tags use. What is missing makes a check *not verified*."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    "door": "a public address that answers",
    "containers": "an engine on which the running copies can be looked at",
    "image_build": "the sources of the image and a procedure that builds it",
    "environments": "environments beside production that can be described, brought up and used",
    "connections": "a declaration of which part may talk to which",
    "certificates": "who serves the certificate of the public door, and who is told before it ends",
    "exposure": "a declaration of what may be reached from outside",
    "metrics": "a metrics service that answers questions",
    "routing": "a declaration of the routes that are published",
    "advisories": "a vulnerability scanner with data of its own",
}
