"""What a case may change: the image, its sources, a service of the stack or one copy of it, the target's profile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from readiness.config.models import Name, StrictModel, Text, wrong

RelativePath = Annotated[str, Field(pattern=r"^[^/]")]


class ImageChange(StrictModel):
    """An image made from the release image: `patch` is added to `FROM <release image>`, `dockerfile` is a whole one.

    `{release}` in a `dockerfile` is the release image; `files` lie beside it, name -> text. `deploy`: the service runs
    it; `release`: the profile names it as the release. One of the two without the other is a release that is not what runs.
    `directly`: it is deployed past the operator's procedure, whose own smoke test would refuse it.
    """

    patch: Text | None = None
    dockerfile: Text | None = None
    files: Mapping[RelativePath, str] = Field(default_factory=dict)
    deploy: bool = True
    release: bool = True
    directly: bool = False

    @model_validator(mode="after")
    def is_made_in_one_way(self) -> Self:
        if (self.patch is None) == (self.dockerfile is None):
            raise wrong(
                "names no way to make the image, or two", "patch: lines after FROM, or dockerfile: all of it"
            )
        if not (self.deploy or self.release):
            raise wrong(
                "the image is neither deployed nor the release, so nothing changes", "deploy or release: true"
            )
        return self

    def recipe(self, release_image: str) -> str:
        """The whole Dockerfile."""
        if self.dockerfile is not None:
            return self.dockerfile.replace("{release}", release_image)
        return f"FROM {release_image}\n{self.patch}\n"


class FileChange(StrictModel):
    """One change of one file: `replace: [old, new]`, `append: text`, `write: all of its text`, or `remove: true`."""

    replace: tuple[str, str] | None = None
    append: str | None = None
    write: str | None = None
    remove: Literal[True] | None = None

    @model_validator(mode="after")
    def is_one_change(self) -> Self:
        if sum(each is not None for each in (self.replace, self.append, self.write, self.remove)) != 1:
            raise wrong(
                "names no change, or several", "one of replace: [old, new], append, write, remove: true"
            )
        return self

    def apply(self, path: Path) -> None:
        """Change the file. What `fits` refused is not asked for again."""
        if self.remove:
            path.unlink()
        elif self.write is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.write, encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
            path.write_text(
                text.replace(*self.replace) if self.replace else f"{text}{self.append}", encoding="utf-8"
            )

    def misfit(self, path: Path) -> str:
        """Why this change cannot be made to the file; "" when it can."""
        if self.write is not None:
            return ""
        if not path.is_file():
            return "there is no such file"
        if self.replace and self.replace[0] not in path.read_text(encoding="utf-8"):
            return f"the file does not hold {self.replace[0]!r}"
        return ""


class SourcesChange(StrictModel):
    """A changed copy of the build's context, built (and, unless `deploy: false`, deployed as the release)."""

    files: Annotated[Mapping[RelativePath, FileChange], Field(min_length=1)]
    deploy: bool = True


class ServiceChange(StrictModel):
    """A service of the stack, and what `docker service update` is told about it."""

    name: Name
    args: Annotated[tuple[Text, ...], Field(min_length=1)]


class CopyChange(StrictModel):
    """One copy of a service of the stack is taken off a network; the others stay on it."""

    service: Name
    off_network: Name


class ProfileChange(StrictModel):
    """Another profile: values by dotted key, keys left out, and `files` beside it, of which a value names the folder `{case}`."""

    set: Mapping[Text, JsonValue] = Field(default_factory=dict)
    remove: tuple[Text, ...] = ()
    files: Mapping[RelativePath, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def changes_something(self) -> Self:
        if not (self.set or self.remove):
            raise wrong("changes no value", "set: {dotted.key: value} or remove: [dotted.key]")
        return self


class Change(StrictModel):
    """What is done to the target. Several parts are made in this order: image or sources, service, one copy, profile."""

    image: ImageChange | None = None
    sources: SourcesChange | None = None
    service: ServiceChange | None = None
    one_copy: CopyChange | None = None
    profile: ProfileChange | None = None

    @model_validator(mode="after")
    def has_a_part(self) -> Self:
        if not (self.image or self.sources or self.service or self.one_copy or self.profile):
            raise wrong("changes nothing", "image, sources, service, one_copy, profile")
        if self.image and self.sources:
            raise wrong("has two releases", "image or sources, not both")
        return self

    @property
    def deploys(self) -> bool:
        """Whether another image is rolled out."""
        return bool((self.image and self.image.deploy) or (self.sources and self.sources.deploy))
