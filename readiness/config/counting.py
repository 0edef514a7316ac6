"""What the application counts of its requests and of its business, and how the metrics service is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import JsonValue

from readiness.config.access import Operation
from readiness.config.journey import HttpStatus
from readiness.config.models import Name, NotEmpty, Seconds, StrictModel, Text, UrlPath


class Labels(StrictModel):
    """The labels by which counts are told apart. `copy_`: the address at which a copy was asked, with or without its port."""

    service: Text = "service"
    copy_: Text = "instance"
    method: Text = "method"
    route: Text = "route"
    status: Text = "status"


class Further(StrictModel):
    """A request beside the API's own calls: one that nothing matches, or that is refused. `route`: what it is counted under."""

    operation: Operation
    route: Text
    identity: Name | None = None
    body: JsonValue = None
    expect_status: HttpStatus

    @property
    def method(self) -> str:
        """The method of the request."""
        return self.operation.partition(" ")[0]

    @property
    def path(self) -> UrlPath:
        """Its path, with the query."""
        return self.operation.partition(" ")[2]


class Refusal(StrictModel):
    """A request that fails inside the service while the database refuses to commit it. `begin`, `end`: the statements for that.

    Nothing else is refused meanwhile.
    """

    begin: Text
    end: Text
    request: Further


class Business(StrictModel):
    """A thing that customers make, how it is counted, and where the books have it. Customers are `owner`s, removed by `remove`.

    `series`: the counter of it, over all copies. `rows`: a statement that counts the rows of the member `{member}`; `report`:
    the path of the API that lists them, under the key `listed`. `write` makes one, with a key (`repeats`: the header) by which
    a repeated request is known; `wrong`: bodies of it that are refused.
    """

    owner: Further
    owner_id: Text
    remove: Further
    identity: Name
    series: Text
    rows: Text
    report: UrlPath
    listed: Text
    write: Further
    wrong: tuple[JsonValue, ...]
    repeats: Text


class Robot(StrictModel):
    """A customer who is none. `walked`: when his last walk began (Unix seconds); `every`: how often he walks.

    `now`: the signal on which he walks at once. `step`: the series that is 1 for each step that works, 0 for one that does not;
    its `label` names the step. `alarm`: what sounds when a step does not work. `breaks`: what breaks a step, as statements.
    """

    service: Name
    every: Seconds
    walked: Text
    now: Text
    step: Text
    label: Text
    alarm: Text
    breaks: tuple[Break, ...] = ()


class Break(StrictModel):
    """Breaks one step of the robot's, by statements to the database, and mends it."""

    step: Text
    begin: Text
    end: Text


class Counting(StrictModel):
    """`every`: seconds from one look of the metrics service at a copy to the next; `services`: whose requests are counted.

    `requests`, `seconds`, `serving`: the counter, the histogram and the gauge. `also`: requests beside the API's own calls.
    `causes`: calls that make other calls within the deployment, and those. `background`: operations that are used all the time,
    so that more of them may be counted than were sent. `recording`: a command in the service's image that prints the seconds
    that one request costs to be counted.
    """

    every: Seconds
    services: Annotated[tuple[Name, ...], NotEmpty]
    identity: Name
    requests: Text
    seconds: Text
    serving: Text
    labels: Labels = Labels()
    also: tuple[Further, ...] = ()
    causes: Mapping[Operation, tuple[Operation, ...]] = {}
    background: tuple[Operation, ...] = ()
    refusal: Refusal | None = None
    recording: tuple[Text, ...] = ()
    business: Business | None = None
    robot: Robot | None = None


Robot.model_rebuild()


class Tracing(StrictModel):
    """How a request is followed: `header` of its answer has the id that stands in the logs of the services it went `through`.

    `request` makes something; `remove` is the path at which that is removed, with the `{id}` that the answer gives.
    """

    header: Text
    identity: Name
    request: Further
    remove: UrlPath
    through: Annotated[tuple[Name, ...], NotEmpty]
