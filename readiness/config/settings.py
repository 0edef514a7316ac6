"""What the services must be told: each setting, and examples of what is wrong with it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from readiness.config.models import Name, NotEmpty, StrictModel, Text, wrong
from readiness.config.placeholders import placeholders_in
from readiness.config.service import Health

MARK = "mark"


class Setting(StrictModel):
    """A setting by the name of its variable. `file`: it names a file that holds a secret.

    `malformed` and `wrong_type` are values that must be refused, each with `{mark}`, a text that is found again where it was
    shown. For a file, what is malformed is its content. What is not `required` may be left out.
    """

    name: Text
    file: bool = False
    required: bool = True
    malformed: Text | None = None
    wrong_type: Text | None = None

    @model_validator(mode="after")
    def has_examples(self) -> Self:
        """What is required has an example of either kind, and every example has its mark."""
        examples = (
            {"malformed": self.malformed}
            if self.file
            else {"malformed": self.malformed, "wrong_type": self.wrong_type}
        )
        for key, example in examples.items():
            if example is None and (self.required or self.file):
                raise wrong(
                    f"{self.name} has no example",
                    f"{key}: a value that must be refused, with {{{MARK}}} in it",
                )
            if example is not None and placeholders_in(example) != {MARK}:
                raise wrong(
                    f"{self.name}: {key} cannot be found again", f"{{{MARK}}} in it, and no other placeholder"
                )
        if self.file and self.wrong_type is not None:
            raise wrong(f"{self.name} has a wrong_type although it is a file", "none: a folder is tried")
        return self


class ToldService(StrictModel):
    """A service and all that it is told. `health`: where its copies say that they are ready, if not as in service.health."""

    service: Name
    settings: Annotated[tuple[Setting, ...], NotEmpty]
    health: Health | None = None
