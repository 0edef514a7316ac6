"""/v1/members: the athletes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict

from whoop_service import attachments
from whoop_service.auth import Reader, Writer
from whoop_service.context import InContext
from whoop_service.pages import Page, PageQuery
from whoop_service.store import Record, Store
from whoop_service.values import Email, Line, Once


class NewMember(BaseModel):
    """A member to be added."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email


class Member(Record):
    """A member; `recorded_at` is when they joined."""

    name: str
    email: str


STORE = Store("member", "members", Member)
router = APIRouter(prefix="/v1/members", tags=["members"])


@router.get("")
async def list_members(
    context: InContext, caller: Reader, query: Annotated[PageQuery, Query()]
) -> Page[Member]:
    """Members, those who joined last first."""
    return await STORE.page(context.database, query, caller)


@router.post("", status_code=201)
async def create_member(
    context: InContext, caller: Writer, new: NewMember, response: Response, once: Once = None
) -> Member:
    """Add a member."""
    member = await STORE.create(context.database, new, caller, once)
    response.headers["Location"] = f"{router.prefix}/{member.id}"
    return member


@router.get("/{member_id}", response_model=Member)
async def read_member(context: InContext, caller: Reader, member_id: UUID) -> Response:
    """One member. A change is seen by every replica after five seconds at the latest."""
    record = await context.cache.read(member_id, caller.sees)
    if record is None:
        member = await STORE.read(context.database, member_id, caller)
        record = member.model_dump_json().encode()
        await context.cache.keep(member_id, caller.sees, record)
    return Response(record, media_type="application/json")


@router.delete("/{member_id}", status_code=204, response_class=Response)
async def delete_member(context: InContext, caller: Writer, member_id: UUID) -> None:
    """Remove a member with all their records and attachments."""
    orphans = await attachments.of_member(context.database, member_id, caller)
    await STORE.delete(context.database, member_id, caller)
    await context.cache.forget(member_id, caller.client)
    await context.files.remove(orphans)
