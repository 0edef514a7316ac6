"""Who is told when something goes wrong, where that can be seen, and what may be broken to see it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import model_validator

from readiness.config.models import Name, NotEmpty, ProjectPath, StrictModel, Text, Url, read_model, wrong

POLICY = "config/policies/alerting.yaml"

Channel = Literal["mail", "chat", "phone"]
CHANNELS: tuple[Channel, ...] = ("mail", "chat", "phone")


class Place(StrictModel):
    """A service, and the port at which it is talked to."""

    service: Name
    port: int


class OnCall(StrictModel):
    """The on-call service. `minute`: the setting that says how many seconds a minute of its policy lasts (60 where unset)."""

    service: Name
    port: int
    url: Url
    minute: Text


class Breaking(StrictModel):
    """How one channel is broken in a copy: a setting of the inbox."""

    channel: Channel
    setting: Text
    value: Text


class Team(StrictModel):
    """Where the messages for a team arrive."""

    mail: Text
    chat: Text


class Fault(StrictModel):
    """A part whose loss no customer notices. `hangs`: it is frozen; otherwise it is gone."""

    service: Name
    hangs: bool


class Alerting(StrictModel):
    """Everything that has to do with telling people. `evaluated_by`: the service that evaluates the rules.

    `channels`: our words for the channels, and what the inbox calls them. `image` has python3; whoever talks to copies of these
    services comes in from containers of it. `instructions`: the folder below which links to instructions lead.
    """

    manager: Place
    on_call: OnCall
    inbox: Place
    evaluated_by: Name
    image: Text
    channels: Mapping[Channel, Text]
    breaking: Breaking
    instructions: ProjectPath
    teams: Mapping[Name, Team]
    faults: Annotated[tuple[Fault, ...], NotEmpty]

    @model_validator(mode="after")
    def names_every_channel(self) -> Alerting:
        """All three channels; two faults or more, each in another service."""
        if set(self.channels) != set(CHANNELS):
            raise wrong(f"channels are {', '.join(self.channels)}", ", ".join(CHANNELS))
        if len({each.service for each in self.faults}) < 2:
            raise wrong("fewer than two services to fail at the same time", "faults in two services or more")
        return self


class Row(StrictModel):
    """One line of the routing table: an alert with these labels is told to `team` by `by`, and never by `never`."""

    name: Text
    labels: Mapping[Text, Text]
    team: Name
    by: tuple[Channel, ...] = ()
    never: tuple[Channel, ...] = ()


class Storm(StrictModel):
    """One fault with all that follows from it, each symptom from so many places, and a fault that has nothing to do with it."""

    cause: Mapping[Text, Text]
    symptoms: Annotated[tuple[Mapping[Text, Text], ...], NotEmpty]
    instances: int
    unrelated: Mapping[Text, Text]


class AlertingPolicy(StrictModel):
    """What we require of alerts, whoever runs them. `unrouted`: alerts that are no news."""

    severities: Annotated[tuple[Text, ...], NotEmpty]
    unrouted: tuple[Text, ...]
    rows: Annotated[tuple[Row, ...], NotEmpty]
    storm: Storm
    longest_silence_days: int


def load_alerting_policy(root: Path) -> AlertingPolicy:
    """The policy in its file. ConfigurationError with all that is wrong."""
    return read_model(root, POLICY, AlertingPolicy)
