"""What is required of encrypted connections, of certificates, and of their renewal."""

from __future__ import annotations

from collections.abc import Iterator

from readiness.config.encryption import Certificates, ExpiryAlarm, TlsPolicy
from readiness.drills.expiry import ExpiryWatch
from readiness.drills.renewal import Renewal, Restart
from readiness.matchers.requirement import Requirement, Violation, requires
from readiness.probes.encryption import Certificate, Encryption, EncryptionSeen

SLACK = 60.0  # seconds
MEND_THE_DOOR = "correct the door's TLS settings"


def are_sound(policy: TlsPolicy) -> Requirement[EncryptionSeen]:
    """At every address: the required protocols, no others than the allowed, allowed cipher suites, no known weakness."""
    return requires(
        "only sound protocols and cipher suites are accepted, and the required ones are",
        lambda seen: (each for door in seen.doors for each in _unsound(door, policy)),
    )


def _unsound(door: Encryption, policy: TlsPolicy) -> Iterator[Violation]:
    taken = {protocol for protocol, _ in door.accepted}
    for protocol in sorted(taken - set(policy.protocols.allowed)):
        allowed = f"only {' and '.join(policy.protocols.allowed)}"
        yield Violation(door.place, allowed, f"{protocol} is accepted", MEND_THE_DOOR)
    for protocol in sorted(set(policy.protocols.required) - taken):
        yield Violation(door.place, f"{protocol} is accepted", "it is refused", MEND_THE_DOOR)
    for protocol, suite in door.accepted:
        if suite not in policy.cipher_suites.allowed:
            required = "cipher suites of the policy only (config/policies/tls.yaml)"
            yield Violation(f"{door.place}, {protocol}", required, suite, MEND_THE_DOOR)
    for weakness in door.weaknesses:
        yield Violation(
            door.place, "no known weakness", weakness, "update the door's TLS library, or mend its settings"
        )


def carry_certificates_to_trust(policy: TlsPolicy) -> Requirement[EncryptionSeen]:
    """At every address: a whole chain to an authority that we trust, our name, strong keys, and days to spare."""
    return requires(
        "every client can verify the certificate, its chain and its name, and it is strong and has days left",
        lambda seen: (
            each for door in seen.doors for each in _not_to_trust(seen.host, door, policy.certificates)
        ),
    )


def _not_to_trust(host: str, door: Encryption, policy: Certificates) -> Iterator[Violation]:
    if door.refused_by_clients:
        remedy = "serve a certificate of this name, that is valid, with its chain"
        yield Violation(
            door.place, f"a client that asks for {host} accepts it", door.refused_by_clients, remedy
        )
    if door.incomplete:
        remedy = "serve the certificates between yours and the root, too"
        yield Violation(door.place, "the whole chain is served", door.incomplete, remedy)
    for chain in door.chains:
        for certificate in chain:
            yield from _weak(door.place, certificate, policy)


def _weak(place: str, seen: Certificate, policy: Certificates) -> Iterator[Violation]:
    where = f"{place}, certificate {seen.subject}"
    least = policy.least_key_bits.get(seen.key)
    if least is None or seen.key_bits < least:
        required = ", ".join(f"{kind} of at least {bits} bit" for kind, bits in policy.least_key_bits.items())
        yield Violation(
            where, required, f"{seen.key} of {seen.key_bits} bit", "have one issued for a stronger key"
        )
    if seen.signature not in policy.signatures and seen.signature != "none":
        required = f"signed with {', '.join(policy.signatures)}"
        yield Violation(where, required, seen.signature, "have one issued with a signature of today")
    if seen.days_left < policy.least_days_left:
        required = f"at least {policy.least_days_left} days left"
        yield Violation(
            where, required, f"{seen.days_left:.1f} days left", "renew it, and find out why that was not done"
        )
    if not seen.authority and seen.life_days > policy.longest_life_days:
        required = f"a life of at most {policy.longest_life_days} days"
        yield Violation(where, required, f"{seen.life_days:.0f} days", "have one issued for a shorter time")


def reaches_visitors() -> Requirement[Renewal]:
    """After the renewal every new visitor is given another certificate than before, and trusts it."""
    return requires("every new visitor is given a new certificate, which he trusts", _not_renewed)


def _not_renewed(seen: Renewal) -> Iterator[Violation]:
    if seen.exit_code != 0:
        remedy = "mend the procedure; its words are in the evidence"
        yield Violation("the procedure", "says that it worked", f"exit status {seen.exit_code}", remedy)
    for shake in seen.shakes:
        if shake.error:
            yield Violation(
                "a new visitor", "trusts the new certificate", shake.error, "serve it with chain and key"
            )
        elif shake.serial == seen.before:
            observed = f"still serial {shake.serial}"
            remedy = "let the door take the new certificate when it is there"
            yield Violation("a new visitor", "is given a new certificate", observed, remedy)


def costs_nobody_anything() -> Requirement[Renewal]:
    """No visitor got a wrong answer meanwhile, and all connections that were open before are open after."""
    return requires("no visitor is turned away, and no connection is closed", _lost)


def _lost(seen: Renewal) -> Iterator[Violation]:
    for visit in seen.visits:
        if not visit.right:
            yield Violation(
                f"a visitor ({visit.request})",
                "is served as always",
                visit.fault,
                "exchange the certificate without a restart",
            )
    for fault in seen.closed:
        remedy = "exchange the certificate without a restart"
        yield Violation("a connection that was open before", "stays open", fault, remedy)


def keeps_the_certificate() -> Requirement[Restart]:
    """After a restart the door serves the certificate that it served before."""
    return requires("the restarted door serves the renewed certificate", _forgotten)


def _forgotten(seen: Restart) -> Iterator[Violation]:
    if seen.after.error or seen.after.serial != seen.renewed:
        observed = seen.after.error or f"serial {seen.after.serial}"
        remedy = "keep the renewed certificate where the door finds it when it starts"
        yield Violation("the restarted door", f"serves serial {seen.renewed}", observed, remedy)


def warns_in_time(policy: ExpiryAlarm) -> Requirement[ExpiryWatch]:
    """The alert rule in force fires when few days are left, not when many are, and its series tells of the served certificate."""
    return requires(
        "somebody is told before a certificate ends, and nobody while it is fresh",
        lambda seen: _warns_wrongly(seen, policy),
    )


def _warns_wrongly(seen: ExpiryWatch, policy: ExpiryAlarm) -> Iterator[Violation]:
    where = f"the alert {seen.alert}"
    if seen.rule is None:
        yield Violation(
            where,
            "is among the rules in force",
            "no rule of this name",
            "add the rule, or correct the profile",
        )
    if seen.rule is not None and not seen.sounds_in_time:
        required = f"sounds when {policy.sounds_with_days_left} days are left"
        yield Violation(where, required, f"silent; {seen.rule.query}", "correct the rule")
    if seen.rule is not None and seen.sounds_too_early:
        required = f"silent while {policy.silent_with_days_left} days are left"
        yield Violation(where, required, f"sounds; {seen.rule.query}", "correct the rule")
    if not seen.told:
        remedy = "let the monitoring look at the door's certificate"
        yield Violation(where, "its series has values", "no series tells when the certificate ends", remedy)
    for told in seen.told:
        if told > seen.ends + SLACK:
            later = (told - seen.ends) / 86400
            remedy = "let the monitoring look at the certificate that visitors get"
            yield Violation(
                where, "knows when the served certificate ends", f"{later:.1f} days too late", remedy
            )
