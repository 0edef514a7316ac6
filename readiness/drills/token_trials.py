"""Somebody signs in, renews, signs out and is dismissed; codes, renewals and tokens come with each thing wrong that can be."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from readiness.actions.keys import Key, access_of
from readiness.actions.people import Person, admit_person, dismiss_person, sign_in_of
from readiness.actions.shares import forgive_guesses
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.drills.access import Owner, Served
from readiness.drills.knocking import Asker, Knock, Street
from readiness.drills.signing_in import SENT_BACK, Application, Given, sent_back
from readiness.harness.undo import UndoStack
from readiness.probes.published import Operation, published_operations
from readiness.targets import tokens
from readiness.targets.target import Target
from readiness.targets.tokens import Token

REMOVES = "DELETE"
HOUR, DAY = 3600, 86400
BATCH = 3  # tokens at a time: after each batch the wrong ones are forgotten, for the service looks at so many only
TO_END = 10.0  # seconds in which the end of a sign-in has to show


@dataclass(frozen=True)
class Refused:
    """Something that must be refused, and whether it was."""

    what: str
    refused: bool
    observed: str = ""


@dataclass(frozen=True, kw_only=True)
class TokenTrials(Observation):
    """All trials. Examined: everything that had to be refused.

    `served`: every operation, asked with a token of somebody who just signed in; `knocks`: with altered tokens, on every copy.
    `lifetime`, `told`: seconds for which an access token is good, by what stands in it and by what the application is told.
    `steps`: codes, renewals and ends of sign-ins that must be refused. `skewed`: a token that ended less than the skew ago is
    served. `renewed_for`: the longest time after a sign-in at which it could be renewed. `published`: whether the published
    keys hold the one that tokens name, and no private half.
    """

    served: tuple[Served, ...]
    knocks: tuple[Knock, ...]
    unseen: tuple[str, ...]
    lifetime: float
    told: float
    steps: tuple[Refused, ...]
    skewed: bool
    published: bool
    renewed_for: float


def try_tokens(target: Target, undo: UndoStack) -> TokenTrials:
    """Sign somebody in and try everything. Undo: remove the person, the application and their records; forget wrong tokens."""
    access, declared = access_of(target), sign_in_of(target)
    forgive_guesses(target, undo)
    person = admit_person(target, undo)
    app = Application(target, person)
    given = app.comes_in()
    good = tokens.read(given.access)
    operations = published_operations(target, access)
    owner = Owner(target, access, Key(person.client, person.email, given.access))
    owner.call(each for each in operations if each.method != REMOVES)
    street = Street(target, owner.known)
    knocks, unseen = _let_knock(
        target, undo, street, _altered(target, given, good), _classes(target, operations)
    )
    skewed = _is_served(target, tokens.signed(_over_since(good, declared.skew / 2), _key(target)), operations)
    owner.call(each for each in operations if each.method == REMOVES)
    steps = [*_codes(app), *_renewals(target, app, operations)]
    renewed_for = _renewed_for(target, app, person)
    steps += _ends(target, app, person, operations)
    return TokenTrials(
        examined=len(knocks) + len(steps),
        served=tuple(owner.served),
        knocks=knocks,
        unseen=unseen,
        lifetime=float(good.claims["exp"]) - float(good.claims["iat"]),
        told=given.seconds,
        steps=tuple(steps),
        skewed=skewed,
        published=_is_published(target, good),
        renewed_for=renewed_for,
    )


def _key(target: Target) -> ec.EllipticCurvePrivateKey:
    return tokens.private_key(sign_in_of(target).key.read())


def _classes(target: Target, operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """The operations that stand for every way to what is protected."""
    named = sign_in_of(target).classes
    found = tuple(each for each in operations if str(each) in named)
    if missing := set(named) - {str(each) for each in found}:
        raise CannotLook(f"{', '.join(sorted(missing))} is not published (sign_in.classes)")
    return found


def _over_since(good: Token, seconds: float) -> Token:
    """The token as if its time had been over for so long."""
    end = int(datetime.now(UTC).timestamp() - seconds)
    lived = int(good.claims["exp"]) - int(good.claims["iat"])
    return replace(good, claims={**good.claims, "exp": end, "iat": end - lived})


def _altered(target: Target, given: Given, good: Token) -> Iterator[tuple[str, str]]:
    """What is wrong with a token, and the token."""
    key, skew = _key(target), sign_in_of(target).skew
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims, header = good.claims, good.header

    def saying(**changed: object) -> Token:
        said = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return replace(good, claims=said)

    def headed(**changed: object) -> Token:
        said = {name: value for name, value in {**header, **changed}.items() if value is not None}
        return replace(good, header=said)

    first, _, last = given.access.split(".")
    somebody = tokens.signed(saying(sub="somebody@example.org"), key).split(".")[1]
    yield "a token that was altered to be of somebody else", f"{first}.{somebody}.{last}"
    yield "a token without its signature", f"{first}.{given.access.split('.')[1]}."
    yield "a token that says it needs no signature", tokens.unsigned(headed(alg="none"))
    yield "a token signed with the public key", tokens.signed_with(headed(alg="HS256"), public)
    yield (
        "a token signed with the published key",
        tokens.signed_with(headed(alg="HS256"), _published_text(target)),
    )
    yield "a token signed by somebody else", tokens.signed(good, ec.generate_private_key(ec.SECP256R1()))
    yield "a token of a key that nobody knows", tokens.signed(headed(kid="unknown"), key)
    yield "a token that is of another kind", tokens.signed(headed(typ="logout+jwt"), key)
    yield "a token of another issuer", tokens.signed(saying(iss="https://staging.example.org"), key)
    yield "a token of no issuer", tokens.signed(saying(iss=None), key)
    yield "a token for another audience", tokens.signed(saying(aud="https://another.example.org"), key)
    yield "a token for no audience", tokens.signed(saying(aud=None), key)
    yield "a token that never ends", tokens.signed(saying(exp=None), key)
    yield "a token that ended a minute and more ago", tokens.signed(_over_since(good, skew + 60), key)
    yield "a token that ended a day ago", tokens.signed(_over_since(good, DAY), key)
    yield "what renews a sign-in", given.renewal


def _let_knock(
    target: Target,
    undo: UndoStack,
    street: Street,
    altered: Iterator[tuple[str, str]],
    operations: tuple[Operation, ...],
) -> tuple[tuple[Knock, ...], tuple[str, ...]]:
    access = access_of(target)
    askers = [Asker(who, access.proof(token), access.refusals.stranger, operations) for who, token in altered]
    knocks: list[Knock] = []
    unseen: list[str] = []
    for begin in range(0, len(askers), BATCH):
        knocked = street.let_knock(askers[begin : begin + BATCH])
        knocks += knocked.knocks
        unseen += knocked.unseen
        forgive_guesses(target, undo)
    return tuple(knocks), tuple(unseen)


def _is_served(target: Target, token: str, operations: Sequence[Operation]) -> bool:
    """Whether the first operation that reads and needs nothing is served."""
    first = next(
        each.call for each in operations if each.call and each.method == "GET" and not each.call.placeholders
    )
    answer = target.door.ask("GET", first.path, headers=access_of(target).proof(token))
    return answer.status == first.expect_status


def _codes(app: Application) -> Iterator[Refused]:
    """How a code is asked for and redeemed wrongly."""
    addresses: dict[str, dict[str, str | None]] = {
        "another address to be answered at": {"redirect_uri": f"{app.redirect_uri}/evil"},
        "an address that begins as the registered one": {"redirect_uri": f"{app.redirect_uri}.evil.example"},
        "the registered address with a query": {"redirect_uri": f"{app.redirect_uri}?to=evil"},
        "no address": {"redirect_uri": None},
        "an application that nobody registered": {"client_id": "nobody"},
    }
    for what, changed in addresses.items():
        asked = app.asks(**changed)
        answers = (app.opens_page(asked), app.signs_in(asked))
        refused = all(400 <= each.status < 500 and "Location" not in each.headers for each in answers)
        yield Refused(what, refused, f"status {', '.join(str(each.status) for each in answers)}")
    requests: dict[str, dict[str, str | None]] = {
        "no challenge": {"code_challenge": None},
        "a challenge in the clear": {"code_challenge_method": "plain"},
        "a token at once, without a code": {"response_type": "token"},
    }
    for what, changed in requests.items():
        told = sent_back(app.signs_in(app.asks(**changed)), app.redirect_uri)
        given = {"code", "access_token"} & told.keys()
        yield Refused(what, not given, f"{', '.join(given)} was given")
    wrong = app.signs_in(app.asks(), password=secrets.token_urlsafe(12))
    yield Refused("a wrong password", wrong.status not in SENT_BACK, f"status {wrong.status}")
    proofs: dict[str, dict[str, str | None]] = {
        "a code with another verifier": {"code_verifier": secrets.token_urlsafe(48)},
        "a code without a verifier": {"code_verifier": None},
        "a code of another application": {"client_id": "nobody"},
        "a code for another address": {"redirect_uri": f"{app.redirect_uri}/evil"},
    }
    for what, changed in proofs.items():
        yield Refused(what, app.redeems(app.code(), **changed) is None, "it was redeemed")


def _renewals(target: Target, app: Application, operations: Sequence[Operation]) -> Iterator[Refused]:
    """A code and a renewal that come twice: refused, and the end of the whole sign-in."""
    code = app.code()
    given = app.redeems(code)
    if given is None or not _is_served(target, given.access, operations):
        raise CannotLook(
            "a token that was just given is not served, so its being refused later shows nothing"
        )
    yield Refused("a code that comes again", app.redeems(code) is None, "it was redeemed twice")
    yield _ended("the tokens of a code that came again", target, given, app, operations)
    first = app.comes_in()
    second = app.renews(first.renewal)
    if second is None or not _is_served(target, second.access, operations):
        raise CannotLook("a sign-in cannot be renewed, so its being refused later shows nothing")
    yield Refused(
        "a new renewal that is the former one", second.renewal != first.renewal, "it stays the same"
    )
    yield Refused(
        "a renewal by another application", app.renews(second.renewal, "nobody") is None, "it was given"
    )
    third = app.renews(second.renewal)
    if third is None:
        raise CannotLook("a sign-in cannot be renewed twice, so its being refused later shows nothing")
    yield Refused("a renewal that comes again", app.renews(first.renewal) is None, "it was given twice")
    yield _ended("the tokens of a renewal that came again", target, third, app, operations)


def _ends(
    target: Target, app: Application, person: Person, operations: Sequence[Operation]
) -> Iterator[Refused]:
    """Somebody signs out, and another time is dismissed."""
    given = app.comes_in()
    if not _is_served(target, given.access, operations):
        raise CannotLook("a token that was just given is not served")
    app.signs_out(given.renewal)
    yield _ended("the tokens of somebody who signed out", target, given, app, operations)
    given = app.comes_in()
    dismiss_person(target, person)
    yield _ended("the tokens of somebody who was dismissed", target, given, app, operations)
    answer = app.signs_in(app.asks())
    yield Refused(
        "the password of somebody who was dismissed", answer.status not in SENT_BACK, "he signed in"
    )


def _ended(
    what: str, target: Target, given: Given, app: Application, operations: Sequence[Operation]
) -> Refused:
    """Whether the access token is served no more within seconds, by however many copies, and the sign-in not renewed."""
    waited = wait_until(
        lambda: [_is_served(target, given.access, operations) for _ in range(6)],
        lambda served: not any(served),
        patience=TO_END,
    )
    renewed = app.renews(given.renewal) is not None
    return Refused(
        what, waited.happened and not renewed, "they are renewed" if renewed else "they are served"
    )


def _renewed_for(target: Target, app: Application, person: Person) -> float:
    """The longest age, of some around a month, at which a sign-in is renewed."""
    month, longest = 30 * DAY, 0.0
    given = app.comes_in()
    for age, further in (
        (month - HOUR, month - HOUR),
        (month + HOUR, 2 * HOUR),
        (12 * month, 11 * month - HOUR),
    ):
        ran = target.run_procedure("age_sign_ins", person=person.email, seconds=str(further))
        if ran.exit_code != 0:
            raise CannotLook(
                f"the procedure age_sign_ins ended with exit status {ran.exit_code}: {ran.output[-200:]}"
            )
        renewed = app.renews(given.renewal)
        if renewed is None:
            return longest
        given, longest = renewed, float(age)
    return longest


def _published_text(target: Target) -> bytes:
    """The first published key as it is published."""
    keys = (target.door.ask("GET", sign_in_of(target).keys).json() or {}).get("keys") or [{}]
    return json.dumps(keys[0]).encode()


def _is_published(target: Target, good: Token) -> bool:
    keys = (target.door.ask("GET", sign_in_of(target).keys).json() or {}).get("keys") or []
    return any(each.get("kid") == good.header.get("kid") for each in keys) and not any(
        "d" in each for each in keys
    )
