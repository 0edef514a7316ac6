"""What customers take away with them: where they get it, what must be in it, and in which form."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from readiness.config.journey import RUN, JourneyRequest
from readiness.config.models import Name, NotEmpty, StrictModel, Text, UrlPath, wrong
from readiness.config.placeholders import placeholders_in

CLIENT = "client"
AWKWARD = frozenset({"text", "number", "time"})


class Kind(StrictModel):
    """One kind of record: the table that keeps it, the entries of the archive with its `lines` of JSON and its `cells` (CSV).

    `of_client` and `of_owner` are conditions of SQL, on the table `t`, for what belongs to `{client}`, or to the owner that
    the request of the same name made, whatever that saved.
    """

    name: Name
    lines: Text
    cells: Text
    of_client: Text
    of_owner: Text

    def kept(self, condition: str, hidden: tuple[str, ...]) -> str:
        """The statement for all that is kept, a row as an object of JSON, without columns that nobody is told."""
        less = "".join(f" - '{column}'" for column in hidden)
        return f"SELECT to_jsonb(t){less} FROM {self.name} t WHERE {condition}"


class Files(StrictModel):
    """Where the archive has the files that belong to records of `kind`: below `folder`, each under the record's `name`.

    `checksum`: the column of the record with the file's SHA-256.
    """

    kind: Name
    folder: Text
    name: Text
    checksum: Text


class TakingAway(StrictModel):
    """`everything`: the path of all that is kept of a client; `of_owner`: of one of those about whom he keeps records.

    `owner` and `record` add what other programs may stumble over: in the record's body, `{text}` (which may be missing),
    `{number}` and `{time}` are filled in. `formula_guard` stands before a text that a spreadsheet would take for a formula.
    """

    identity: Name
    client: Name
    everything: UrlPath
    of_owner: UrlPath
    owner: JourneyRequest
    record: JourneyRequest
    formula_guard: Text
    hidden: tuple[Name, ...] = ()
    kinds: Annotated[tuple[Kind, ...], NotEmpty]
    files: Files | None = None

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """Placeholders can be filled, and files belong to a kind."""
        saved = {RUN, *self.owner.save}
        for what, used, known in (
            ("owner", self.owner.placeholders, {RUN}),
            ("record", self.record.placeholders, saved | AWKWARD),
            ("of_owner", placeholders_in(self.of_owner), saved),
            *(
                (f"kinds.{each.name}.of_client", placeholders_in(each.of_client), {CLIENT})
                for each in self.kinds
            ),
            *((f"kinds.{each.name}.of_owner", placeholders_in(each.of_owner), saved) for each in self.kinds),
        ):
            if used - known:
                raise wrong(f"{what} uses {', '.join(sorted(used - known))}", ", ".join(sorted(known)))
        if self.files and self.files.kind not in {each.name for each in self.kinds}:
            raise wrong(f"files belong to {self.files.kind}", ", ".join(each.name for each in self.kinds))
        return self
