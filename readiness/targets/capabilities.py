"""What a target can offer, by the names that `@needs.…` tags use. What is missing makes a check *not verified*."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    "door": "a public address that answers",
    "containers": "an engine on which the running copies can be looked at",
    "image_build": "the sources of the image and a procedure that builds it",
    "declaration": "a description of the deployment for its platform",
    "environments": "environments beside production that can be described, brought up and used",
    "connections": "a declaration of which part may talk to which",
    "certificates": "who serves the certificate of the public door, and who is told before it ends",
    "reach": "a declaration of what may be reached from outside",
    "watching": "somebody who watches for break-ins, and an inbox in which people's notifications arrive",
    "metrics": "a metrics service that answers questions",
    "exposure": "a declaration of what strangers may see",
    "routing": "a declaration of the routes that are published",
    "entrusted": "a description of what customers entrust, of the database that keeps it, and of how it can be asked",
    "dependencies": "what the service depends on, and where a copy tells its readiness, so that a deployment can be rehearsed",
    "redeployment": "procedures that take the whole deployment down, without its data, and bring it back",
    "autoscaling": "a service that grows and shrinks by itself, and says what it decides",
    "access": "a declaration of the API's operations and scopes, and procedures that issue and revoke keys",
    "shares": "a declaration of how much a client may use, and procedures that agree on more and book what was used",
    "service_calls": "a declaration of how the services sign their calls to each other",
    "stores": "a procedure that writes out all that is stored",
    "taking_away": "a declaration of what customers can take away, and procedures that bring it in elsewhere",
    "migrations": "the release before, and procedures that change the structure of the data and take the change back",
    "regions": "nodes in several regions, and procedures that take a region away and bring it back",
    "secrets": "a declaration of what is secret, and of who reads it",
    "sinks": "the addresses of what people read about the deployment, and of its alerts",
    "database_roles": "a declaration of who may log in to the database, and of how that is tried",
    "settings": "a declaration of what the services must be told, and what of it must be refused",
    "advisories": "a vulnerability scanner with data of its own",
}
