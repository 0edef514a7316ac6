"""The kinds of records that a client keeps, in the order in which each needs those before it."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from psycopg import sql

from whoop_service.attachments import STORE as ATTACHMENTS
from whoop_service.members import STORE as MEMBERS
from whoop_service.recoveries import STORE as RECOVERIES
from whoop_service.sleeps import STORE as SLEEPS
from whoop_service.store import Store
from whoop_service.workouts import STORE as WORKOUTS

KINDS: dict[str, tuple[Store[Any], sql.SQL]] = {
    "members": (MEMBERS, sql.SQL("id = {member}")),
    "recoveries": (RECOVERIES, sql.SQL("member_id = {member}")),
    "sleeps": (SLEEPS, sql.SQL("member_id = {member}")),
    "workouts": (WORKOUTS, sql.SQL("member_id = {member}")),
    "attachments": (
        ATTACHMENTS,
        sql.SQL("workout_id IN (SELECT id FROM workouts WHERE member_id = {member})"),
    ),
}
"""Table -> its store, and which of its rows belong to a member."""


def is_text(annotation: Any) -> bool:
    """Whether a field holds text of people, or nothing."""
    if get_origin(annotation) is Annotated:
        return is_text(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(is_text(each) for each in get_args(annotation))
    return annotation is str
