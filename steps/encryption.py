"""Encrypted visits: the door's protocols and certificates, their renewal, and what becomes of those who come unencrypted."""

from behave import then, when

from readiness.config.encryption import load_answer_headers, load_tls_policy
from readiness.drills.expiry import ExpiryWatch, watch_expiry
from readiness.drills.failing_answers import look_at_headers_of_failure
from readiness.drills.renewal import Renewal, Restart, renew_among_visitors, start_the_door_anew
from readiness.harness.world import context_world
from readiness.matchers.answer_headers import protect_browsers
from readiness.matchers.encryption import (
    are_sound,
    carry_certificates_to_trust,
    costs_nobody_anything,
    keeps_the_certificate,
    reaches_visitors,
    warns_in_time,
)
from readiness.matchers.unencrypted import are_sent_to_the_encrypted_address
from readiness.probes.answer_headers import HeadersSeen, look_at_headers
from readiness.probes.encryption import EncryptionSeen, look_at_encryption
from readiness.probes.handshakes import Handshakes, shake_hands
from readiness.probes.unencrypted import Unencrypted, come_unencrypted


@when("the encryption of the door is looked at")
def encryption_looked_at(context):
    """Offer the door every protocol and cipher suite, and look at its certificates."""
    world = context_world(context)
    world.note(look_at_encryption(world.target))


@then("only sound protocols and cipher suites are accepted")
def sound_connections(context):
    """Require the protocols and cipher suites of the policy, and no known weakness."""
    world = context_world(context)
    world.judge(world.seen(EncryptionSeen), are_sound(load_tls_policy(world.target.root)))


@then("every client trusts the certificate, its chain and its name")
def certificates_to_trust(context):
    """Require a whole chain of strong certificates to an authority that we trust, with days left."""
    world = context_world(context)
    world.judge(world.seen(EncryptionSeen), carry_certificates_to_trust(load_tls_policy(world.target.root)))


@when("visitors shake hands with the door")
def hands_shaken(context):
    """Time full handshakes by each protocol of today."""
    world = context_world(context)
    world.note(shake_hands(world.target))


@then("95 of 100 handshakes are within the {budget:Budget}")
def handshake_time(context, budget):
    """Measure the time within which nearly all handshakes are done."""
    world = context_world(context)
    seen = world.seen(Handshakes)
    world.measure(seen, seen.slowest_but_few, budget)


@when("visitors come unencrypted, by every method, for everything, and under other names")
def unencrypted_visits(context):
    """Ask the unencrypted address in every way."""
    world = context_world(context)
    world.note(come_unencrypted(world.target))


@then("each of them is sent to the same thing at the encrypted address")
def sent_to_encryption(context):
    """Require a permanent redirection to our own name for each of them."""
    world = context_world(context)
    world.judge(world.seen(Unencrypted), are_sent_to_the_encrypted_address())


@when("answers of every kind are looked at")
def all_kinds_of_answers(context):
    """Ask for what is there, what is not, what is refused and what cannot be read."""
    world = context_world(context)
    world.note(look_at_headers(world.target))


@when("a service has no copy to answer")
def answers_of_failure(context):
    """Take a service's copies away, look at what is answered, and give them back."""
    world = context_world(context)
    world.note(look_at_headers_of_failure(world.target, world.undo))


@then("every answer carries the headers that protect browsers")
def protective_headers(context):
    """Require the headers of the policy, with values that protect, on every answer."""
    world = context_world(context)
    world.judge(world.seen(HeadersSeen), protect_browsers(load_answer_headers(world.target.root)))


@when("the certificate is renewed while visitors come and connections are kept open")
def certificate_renewed(context):
    """Run the operator's procedure among visitors, until new ones meet its result."""
    world = context_world(context)
    world.note(renew_among_visitors(world.target))


@then("every new visitor is given a new certificate that he trusts")
def new_certificate(context):
    """Require another serial than before, and trust in it, on the wire."""
    world = context_world(context)
    world.judge(world.seen(Renewal), reaches_visitors())


@then("a visitor meets it within the {budget:Budget}")
def renewal_time(context, budget):
    """Measure from the begin of the procedure until every new visitor meets the new certificate."""
    world = context_world(context)
    seen = world.seen(Renewal)
    world.measure(seen, seen.seconds, budget)


@then("no visitor is turned away, and no connection is closed")
def nobody_noticed(context):
    """Require right answers for all visitors, and every kept connection to stay open."""
    world = context_world(context)
    world.judge(world.seen(Renewal), costs_nobody_anything())


@when("the certificate is renewed and the door starts anew")
def door_starts_anew(context):
    """Renew the certificate, and replace what serves it."""
    world = context_world(context)
    world.note(start_the_door_anew(world.target))


@then("the door serves the renewed certificate")
def renewed_certificate_kept(context):
    """Require the restarted door to serve the certificate from before."""
    world = context_world(context)
    world.judge(world.seen(Restart), keeps_the_certificate())


@when("the alarm before a certificate ends is tried with few and with many days left")
def expiry_alarm_tried(context):
    """Try the rule in force on supposed ends of the certificate, and read what it knows of the real one."""
    world = context_world(context)
    policy = load_tls_policy(world.target.root).expiry_alarm
    world.note(watch_expiry(world.target, world.undo, policy))


@then("it sounds in time, and not before")
def alarm_in_time(context):
    """Require an alarm with few days left, none with many, and knowledge of the served certificate."""
    world = context_world(context)
    world.judge(world.seen(ExpiryWatch), warns_in_time(load_tls_policy(world.target.root).expiry_alarm))
