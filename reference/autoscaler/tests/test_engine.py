"""The engine is read and changed through its gateway; only the number of replicas differs in what is sent back."""

import pytest

from autoscaler.engine import Engine, EngineError, EngineRefused, VersionConflict, parse_service

SERVICE = "whoop_whoop-service"


@pytest.fixture
def client(http, engine):
    return Engine(http, engine.url, SERVICE)


def test_reading_the_service(client, engine):
    engine.update_status = {"State": "completed", "CompletedAt": "2026-11-22T14:08:54.49398678Z"}
    service = client.read()
    assert (service.version, service.replicas, service.update) == (100, 2, "completed")
    assert service.update_ended is not None
    assert service.update_ended.isoformat() == "2026-11-22T14:08:54.493986+00:00"
    assert not service.being_updated


@pytest.mark.parametrize("state", ["updating", "paused", "rollback_started", "rollback_paused"])
def test_an_update_that_has_not_ended(client, engine, state):
    engine.update_status = {"State": state}
    assert client.read().being_updated


def test_nothing_but_the_number_is_changed(client, engine):
    before = engine.text()
    client.resize(client.read(), 7)
    assert engine.replicas == 7
    assert engine.version == 101
    sent = engine.bodies[0].replace('"Replicated":{"Replicas":7}', '"Replicated":{"Replicas":2}')
    assert f'"Spec":{sent},"PreviousSpec"' in before


def test_somebody_else_was_faster(client, engine):
    service = client.read()
    engine.set(3)
    with pytest.raises(VersionConflict):
        client.resize(service, 4)
    assert engine.replicas == 3


def test_a_refusal_names_the_status_and_the_words(client, engine):
    engine.refusal = (403, "not let through")
    with pytest.raises(EngineRefused, match=r"answered 403.*not let through"):
        client.resize(client.read(), 3)


def test_a_gateway_that_is_away(http, unused_url):
    with pytest.raises(EngineError, match="does not answer"):
        Engine(http, unused_url, SERVICE).read()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Version":{"Index":1},"Spec":{"Mode":{"Global":{}}}}'])
def test_an_answer_without_a_replicated_service(text):
    with pytest.raises(EngineError, match="describes no replicated service"):
        parse_service(text)
