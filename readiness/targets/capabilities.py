"""What a target can offer, by the names that `@needs.…` tags use. What is missing makes a check *not verified*."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    "door": "a public address that answers",
    "containers": "an engine on which the running copies can be looked at",
    "image_build": "the sources of the image and a procedure that builds it",
    "environments": "environments beside production that can be described, brought up and used",
    "connections": "a declaration of which part may talk to which",
    "routing": "a declaration of the routes that are published",
    "access": "a declaration of the API's operations and scopes, and procedures that issue and revoke keys",
    "shares": "a declaration of how much a client may use, and procedures that agree on more and book what was used",
    "service_calls": "a declaration of how the services sign their calls to each other",
    "stores": "a procedure that writes out all that is stored",
    "advisories": "a vulnerability scanner with data of its own",
}
