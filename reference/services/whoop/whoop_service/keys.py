"""Clients and their keys, for operators: `python -m whoop_service.keys --help`.

`issue` prints a key, once; nobody keeps it.
"""

import argparse
import secrets
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import dict_row

from service_common.settings import load, read_secret
from whoop_service.attachment_files import path_of
from whoop_service.connecting import conninfo
from whoop_service.scopes import Scope, former, key_hash
from whoop_service.settings import NAME, RedisSettings, Settings

if TYPE_CHECKING:
    from redis import Redis

Connection = psycopg.Connection[dict[str, Any]]

_ISSUE = """
INSERT INTO api_keys (name, client, hash, scopes, expires_at)
VALUES (%(name)s, %(client)s, %(hash)s, %(scopes)s, now() + %(seconds)s * interval '1 second')
"""
_LIST = """
SELECT k.client, k.name, array_to_string(k.scopes, ' ') AS scopes, k.expires_at, k.revoked_at,
       c.per_minute, c.per_hour, c.per_day
FROM api_keys k JOIN clients c ON c.name = k.client ORDER BY k.client, k.name
"""


def issue(connection: Connection, asked: argparse.Namespace) -> str:
    """Let a client in with a new key; a client who is not known yet gets what every client gets."""
    key = secrets.token_hex(32)
    connection.execute("INSERT INTO clients (name) VALUES (%s) ON CONFLICT DO NOTHING", (asked.client,))
    values = {
        "name": asked.name,
        "client": asked.client,
        "hash": key_hash(key),
        "scopes": asked.scopes,
        "seconds": asked.seconds,
    }
    connection.execute(_ISSUE, values)
    return key


def revoke(connection: Connection, asked: argparse.Namespace) -> str:
    """Shut a key out. It stops working on every replica within REMEMBERED_SECONDS."""
    revoked = connection.execute(
        "UPDATE api_keys SET revoked_at = now() WHERE name = %s AND revoked_at IS NULL", (asked.name,)
    )
    if revoked.rowcount == 0:
        raise LookupError(f"there is no key {asked.name} that could be revoked")
    return f"revoked {asked.name}"


def replace(connection: Connection, asked: argparse.Namespace) -> str:
    """Let a client in with a further key, read from standard input, by the present one's name; both work."""
    hashed = key_hash(sys.stdin.readline().strip())
    connection.execute("DELETE FROM api_keys WHERE name = %s", (former(asked.name),))
    found = connection.execute(
        "UPDATE api_keys SET name = %s WHERE name = %s RETURNING client, scopes, expires_at",
        (former(asked.name), asked.name),
    ).fetchone()
    if found is None:
        raise LookupError(f"there is no key {asked.name} that could be replaced")
    connection.execute(
        "INSERT INTO api_keys (name, client, hash, scopes, expires_at)"
        " VALUES (%(name)s, %(client)s, %(hash)s, %(scopes)s, %(expires_at)s)",
        {**found, "name": asked.name, "hash": hashed},
    )
    return f"replaced {asked.name}"


def retire(connection: Connection, asked: argparse.Namespace) -> str:
    """Shut out the key that was replaced. It stops working everywhere within REMEMBERED_SECONDS."""
    retired = connection.execute("DELETE FROM api_keys WHERE name = %s", (former(asked.name),))
    if retired.rowcount == 0:
        raise LookupError(f"no key {asked.name} was replaced")
    return f"retired the former key {asked.name}"


def remove(connection: Connection, asked: argparse.Namespace) -> str:
    """Remove a client with their keys, records and files; in order if there is none."""
    if connection.execute("SELECT FROM clients WHERE name = %s AND everything", (asked.client,)).rowcount:
        raise LookupError(f"{asked.client} is a service, no client")
    files = connection.execute("SELECT id FROM attachments WHERE client = %s", (asked.client,)).fetchall()
    for table in ("members", "api_keys"):  # with a member goes everything that belongs to them
        connection.execute(f"DELETE FROM {table} WHERE client = %s", (asked.client,))  # noqa: S608  # one of ours
    connection.execute("DELETE FROM clients WHERE name = %s", (asked.client,))
    for file in files:
        path_of(asked.attachments, file["id"]).unlink(missing_ok=True)
    return f"removed {asked.client}"


def agree(connection: Connection, asked: argparse.Namespace) -> str:
    """Agree with a client on more or fewer requests: per minute, hour and day."""
    values = (asked.per_minute, asked.per_hour, asked.per_day, asked.client)
    agreed = connection.execute(
        "UPDATE clients SET per_minute = %s, per_hour = %s, per_day = %s WHERE name = %s", values
    )
    if agreed.rowcount == 0:
        raise LookupError(f"there is no client {asked.client}")
    return f"agreed with {asked.client}"


def book(_connection: Connection, asked: argparse.Namespace) -> str:
    """Count requests of a client that were not made here, such as those at another site, some seconds ago."""
    from whoop_service.usage import bookings

    with _redis() as redis:
        for booking in bookings(asked.client, asked.requests, asked.ago):
            redis.execute_command(*booking)
    return f"booked {asked.requests} requests of {asked.client}"


def forgive(_connection: Connection, _asked: argparse.Namespace) -> str:
    """Forget the wrong keys that came from anywhere, so that all addresses are looked at again."""
    with _redis() as redis:
        counts = list(redis.scan_iter("use:*:guesses from *"))
        if counts:
            redis.delete(*counts)
    return f"forgave {len(counts)} addresses"


def _redis() -> "Redis":
    from redis import Redis  # time that the other commands need not wait for

    settings = load(RedisSettings, f"{NAME} (keys)")
    password = read_secret(settings.redis_password_file)
    return Redis(host=settings.redis_host, port=settings.redis_port, password=password)


def show(connection: Connection, _asked: argparse.Namespace) -> str:
    """All keys by client: what they may do, until when, and how much was agreed on."""
    rows = connection.execute(_LIST).fetchall()
    return "\n".join("\t".join(str(value) for value in row.values()) for row in rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m whoop_service.keys", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, does: Callable[[Connection, argparse.Namespace], str]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=does.__doc__, description=does.__doc__)
        added.set_defaults(does=does)
        return added

    issuing = command("issue", issue)
    issuing.add_argument("client")
    issuing.add_argument("name", help="of the key, not given before")
    issuing.add_argument("scopes", type=_scopes, help="with commas: " + ",".join(Scope))
    issuing.add_argument("--seconds", type=float, help="the key ends after so long (default: never)")
    command("revoke", revoke).add_argument("name", help="of the key")
    command("replace", replace).add_argument("name", help="of the key; the new one comes on standard input")
    command("retire", retire).add_argument("name", help="of the key that was replaced")
    command("remove", remove).add_argument("client")
    agreeing = command("agree", agree)
    booked = command("book", book)
    for added in (agreeing, booked):
        added.add_argument("client")
    for name in ("per_minute", "per_hour", "per_day"):
        agreeing.add_argument(name, type=int)
    booked.add_argument("requests", type=int)
    booked.add_argument("ago", type=int, help="seconds")
    command("forgive", forgive)
    command("list", show)
    return parser.parse_args()


def _scopes(text: str) -> list[str]:
    return [Scope(each).value for each in text.split(",")]


def main() -> int:
    """Exit status 0 when it was done; otherwise 1, and why not on standard error."""
    asked = _arguments()
    settings = load(Settings, f"{NAME} (keys)")
    asked.attachments = settings.attachments_dir
    try:
        with psycopg.connect(conninfo(settings), row_factory=dict_row) as connection:
            said = asked.does(connection, asked)
    except (psycopg.Error, LookupError) as failure:
        print(str(failure).partition("\n")[0], file=sys.stderr)
        return 1
    print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
