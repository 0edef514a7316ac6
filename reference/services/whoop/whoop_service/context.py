"""What a request handler works with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from whoop_service.attachment_files import AttachmentFiles
from whoop_service.cache import Cache
from whoop_service.database import Database


@dataclass(frozen=True)
class Context:
    """The parts of this replica that outlive a request."""

    database: Database
    cache: Cache
    files: AttachmentFiles


def _of(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


InContext = Annotated[Context, Depends(_of)]
