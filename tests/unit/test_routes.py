"""Where routes lead and whom copies take their visitors for, judged on plain facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hamcrest.core.string_description import StringDescription

from readiness.config.routing import RequestLog
from readiness.matchers.requirement import Requirement
from readiness.matchers.routes import know_whom_they_serve, lead_nowhere_else, lead_to_their_services
from readiness.probes.routes import Believed, Followed, Impersonation, Led, Routes, line_of

LOG = RequestLog(request="id", client="client", scheme="scheme", host="host")
REFUSED = Led("/metrics", kept=True, status=404, service="")
ROUTES = Routes(
    examined=3,
    published=(Followed(Led("/orders", kept=False, status=401, service="shop"), "shop"),),
    unpublished=(REFUSED,),
    unknown_host=(replace(REFUSED, asked="/orders", status=421),),
)
SELF = Believed("172.19.0.1", "https", "shop.example:8443")
IMPERSONATION = Impersonation(
    examined=2,
    scheme="https",
    host="shop.example:8443",
    inside=("10.0.1.2",),
    forged=("203.0.113.7", "unknown.invalid"),
    honest=(SELF,),
    pretending=(SELF,),
)


def words_of(requirement: Requirement[Routes] | Requirement[Impersonation], seen: object) -> str:
    assert not requirement.matches(seen)
    words = StringDescription()
    requirement.describe_mismatch(seen, words)  # type: ignore[arg-type]  # each requirement is given its own kind
    return str(words)


def test_routes_that_lead_where_they_are_published_are_in_order_whatever_the_answer() -> None:
    assert lead_to_their_services().matches(ROUTES)
    assert lead_nowhere_else().matches(ROUTES)


def test_a_route_to_another_service_or_to_none_is_named() -> None:
    for service, shown in (("insights", "insights"), ("", "the door itself")):
        led = Led("/orders", kept=True, status=200, service=service)
        words = words_of(lead_to_their_services(), replace(ROUTES, published=(Followed(led, "shop"),)))
        assert (
            f"/orders over a kept connection: required answered by shop; observed status 200 from {shown}"
            in words
        )


@pytest.mark.parametrize(
    "led",
    [
        Led("/metrics", kept=True, status=200, service=""),
        Led("/metrics", kept=True, status=404, service="shop"),
        Led("/metrics", kept=True, status=301, service=""),
        Led("/metrics", kept=True, status=0, service="", error="ConnectionError"),
    ],
)
def test_what_is_not_published_must_be_refused_by_the_door_and_by_nobody_behind_it(led: Led) -> None:
    assert "/metrics" in words_of(lead_nowhere_else(), replace(ROUTES, unpublished=(led,)))


def test_a_host_that_nobody_knows_must_not_be_served() -> None:
    served = Led("/orders", kept=False, status=401, service="shop")
    assert "of a host that nobody knows" in words_of(
        lead_nowhere_else(), replace(ROUTES, unknown_host=(served,))
    )


def test_a_visitor_who_is_known_whatever_he_claims_is_in_order() -> None:
    assert know_whom_they_serve().matches(IMPERSONATION)


@pytest.mark.parametrize(
    "client", ["203.0.113.7", "203.0.113.7, 172.19.0.1", "172.19.0.1, 203.0.113.7", "10.0.1.2", ""]
)
def test_a_claimed_address_is_not_believed_not_even_beside_the_true_one(client: str) -> None:
    deceived = replace(IMPERSONATION, pretending=(replace(SELF, client=client),))
    assert "claims to be somebody else" in words_of(know_whom_they_serve(), deceived)


@pytest.mark.parametrize("believed", [replace(SELF, scheme="http"), replace(SELF, host="unknown.invalid")])
def test_a_claimed_scheme_or_host_is_not_believed(believed: Believed) -> None:
    words = words_of(know_whom_they_serve(), replace(IMPERSONATION, pretending=(believed,)))
    assert "required known to have asked https://shop.example:8443" in words


@pytest.mark.parametrize("client", ["", "somebody", "10.0.1.2"])
def test_who_does_not_know_an_honest_visitor_shows_nothing(client: str) -> None:
    unknown = replace(SELF, client=client)
    words = words_of(know_whom_they_serve(), replace(IMPERSONATION, honest=(unknown,), pretending=(unknown,)))
    assert "an honest visitor: required his own address" in words


def test_the_line_of_a_request_is_found_among_others() -> None:
    text = 'starting\n{"id": "1", "client": "a"}\n{"id": "2", "client": "b"}\n{"id": "2", "error": "x"}\n[]\n'
    assert line_of(text, LOG, "2") == {"id": "2", "client": "b"}
    assert line_of(text, LOG, "3") == {}
