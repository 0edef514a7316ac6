"""One thing has one key and one value in a description, however it was written."""

from __future__ import annotations

import pytest
import yaml

from readiness.config.description import description_of


def settings_of(service: dict[str, object], **whole: object) -> dict[str, str]:
    """The settings of a service `web`, without its name before them."""
    text = yaml.safe_dump({"services": {"web": service}, **whole})
    found = description_of(text).settings
    return {key.removeprefix("web: "): value for key, value in found.items() if key != "web"}


SAME: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"environment": ["A=1", "B=two=2"]}, {"environment": {"B": "two=2", "A": 1}}),
    ({"environment": {"A": True}}, {"environment": ["A=true"]}),
    ({"labels": ["a=b"]}, {"labels": {"a": "b"}}),
    (
        {"ports": ["127.0.0.1:80:8080"]},
        {"ports": [{"target": 8080, "published": "80", "host_ip": "127.0.0.1"}]},
    ),
    (
        {"ports": ["80:8080"]},
        {"ports": [{"target": 8080, "published": 80, "protocol": "tcp", "mode": "host"}]},
    ),
    ({"ports": ["80:8080/tcp"]}, {"ports": ["80:8080"]}),
    ({"volumes": ["data:/data"]}, {"volumes": [{"type": "volume", "source": "data", "target": "/data"}]}),
    ({"volumes": ["data:/data:rw"]}, {"volumes": ["data:/data"]}),
    (
        {"volumes": ["./a.conf:/a.conf:ro"]},
        {"volumes": [{"type": "bind", "source": "./a.conf", "target": "/a.conf", "read_only": True}]},
    ),
    (
        {"tmpfs": "/tmp:size=64m"},
        {"volumes": [{"type": "tmpfs", "target": "/tmp", "tmpfs": {"size": 67108864}}]},
    ),
    ({"networks": ["one"]}, {"networks": {"one": None}}),
    ({"command": "run --fast 'a b'"}, {"command": ["run", "--fast", "a b"]}),
    ({"stop_grace_period": "1m30s"}, {"stop_grace_period": "90s"}),
    ({"mem_limit": "512m"}, {"deploy": {"resources": {"limits": {"memory": "536870912"}}}}),
    ({"cpus": 0.5}, {"deploy": {"resources": {"limits": {"cpus": "0.50"}}}}),
    ({"restart": "always"}, {"deploy": {"restart_policy": {"condition": "any"}}}),
    ({"cap_drop": ["B", "A"]}, {"cap_drop": ["A", "B"]}),
    ({"secrets": ["key"]}, {"secrets": [{"source": "key", "target": "/run/secrets/key"}]}),
    ({"healthcheck": {"interval": "1m"}}, {"healthcheck": {"interval": "60s"}}),
    ({"command": None, "networks": {}, "deploy": {}}, {}),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[str(one) for one, _ in SAME])
def test_two_spellings_of_one_thing_are_one_setting(one: dict[str, object], other: dict[str, object]) -> None:
    assert settings_of(one) == settings_of(other)


DIFFERENT: list[tuple[dict[str, object], dict[str, object]]] = [
    ({"environment": {"A": "3.10"}}, {"environment": {"A": "3.1"}}),
    ({"environment": {"A": "1000000"}}, {"environment": {"A": "1000001"}}),
    ({"environment": {"A": ""}}, {}),
    ({"ports": ["127.0.0.1:80:80"]}, {"ports": ["80:80"]}),
    ({"ports": ["80:80/udp"]}, {"ports": ["80:80"]}),
    ({"ports": ["80:80", "9999:80"]}, {"ports": ["80:80"]}),
    ({"volumes": ["./a:/a"]}, {"volumes": ["./a:/a:ro"]}),
    ({"volumes": ["data:/a"]}, {"volumes": ["./data:/a"]}),
    ({"volumes": ["/a"]}, {"volumes": ["data:/a"]}),
    ({"command": ["a", "b"]}, {"command": ["b", "a"]}),
    ({"stop_grace_period": "1m"}, {"stop_grace_period": "1ms"}),
    ({"build": "."}, {}),
    ({"privileged": True}, {}),
    ({"mem_limit": "512m"}, {"mem_limit": "512k"}),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=[str(one) for one, _ in DIFFERENT])
def test_different_things_stay_different(one: dict[str, object], other: dict[str, object]) -> None:
    assert settings_of(one) != settings_of(other)


def test_a_file_is_told_by_where_it_comes_from_whatever_puts_it_there() -> None:
    config = settings_of(
        {"configs": [{"source": "conf", "target": "/etc/app.conf", "mode": 292}]},
        configs={"conf": {"file": "/srv/app.conf", "name": "conf_1a2b"}},
    )
    mount = settings_of({"volumes": ["/srv/app.conf:/etc/app.conf:ro"]})
    assert config == mount == {"file /etc/app.conf": "/srv/app.conf"}


def test_a_secret_is_told_by_its_file_or_by_its_name_on_the_platform() -> None:
    service = {"secrets": [{"source": "key", "uid": "10001"}]}
    told = settings_of(service, secrets={"key": {"file": "/srv/key", "name": "key_1a2b"}})
    assert told == {"secret key": "/srv/key", "owner of secret key": "uid 10001"}
    elsewhere = settings_of(service, secrets={"key": {"external": True, "name": "key_1a2b"}})
    assert elsewhere["secret key"] == "key_1a2b"


def test_a_name_that_only_repeats_project_and_key_is_none_of_its_own() -> None:
    def volume(**data: object) -> dict[str, str]:
        return settings_of({}, name="shop", volumes={"data": data})

    assert volume(name="shop_data") == volume() == {"volume data": "present"}
    assert volume(name="till_data", external=True)["volume data: name"] == "till_data"


def test_a_secret_that_was_written_down_is_compared_and_never_shown() -> None:
    def told(password: str) -> str:
        return settings_of({"environment": {"DB_PASSWORD": password, "DB_PASSWORD_FILE": "/run/secrets/db"}})[
            "environment DB_PASSWORD"
        ]

    assert "hunter2" not in told("hunter2")
    assert told("hunter2") == told("hunter2") != told("hunter3")
    assert told("") == ""


@pytest.mark.parametrize("text", ["", "just words", "services: []", "a: [", "networks: {}"])
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"it (has no services|is no YAML)"):
        description_of(text)
