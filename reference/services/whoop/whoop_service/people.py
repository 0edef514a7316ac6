"""People who sign in, for operators: `python -m whoop_service.people --help`. `admit` prints a password."""

import argparse
import secrets
import sys
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.rows import dict_row

from service_common.settings import load
from whoop_service.connecting import conninfo
from whoop_service.scopes import ROLES
from whoop_service.settings import NAME, DatabaseSettings
from whoop_service.sign_ins import password_hash

Connection = psycopg.Connection[dict[str, Any]]
Does = Callable[[Connection, argparse.Namespace], str]


def admit(connection: Connection, asked: argparse.Namespace) -> str:
    """Let a person of a client sign in, in a role."""
    password, salt = secrets.token_urlsafe(18), secrets.token_bytes(16)
    connection.execute("INSERT INTO clients (name) VALUES (%s) ON CONFLICT DO NOTHING", (asked.client,))
    connection.execute(
        "INSERT INTO people (email, client, scopes, password, salt) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (email) DO UPDATE SET client = excluded.client, scopes = excluded.scopes,"
        " password = excluded.password, salt = excluded.salt, dismissed_at = NULL",
        (asked.email.lower(), asked.client, ROLES[asked.role], password_hash(password, salt), salt),
    )
    return password


def dismiss(connection: Connection, asked: argparse.Namespace) -> str:
    """Let a person sign in no more; what they are signed in to ends within seconds."""
    found = connection.execute(
        "UPDATE people SET dismissed_at = now() WHERE email = %s", (asked.email.lower(),)
    )
    if found.rowcount == 0:
        raise LookupError(f"nobody signs in as {asked.email}")
    return f"dismissed {asked.email}"


def register(connection: Connection, asked: argparse.Namespace) -> str:
    """Let people sign in with an application, which is answered at one address."""
    connection.execute(
        "INSERT INTO apps (id, redirect_uri, scopes) VALUES (%s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET redirect_uri = excluded.redirect_uri, scopes = excluded.scopes",
        (asked.app, asked.redirect_uri, ROLES[asked.role]),
    )
    return f"registered {asked.app}"


def deregister(connection: Connection, asked: argparse.Namespace) -> str:
    """Let nobody sign in with an application any more; in order if there is none."""
    connection.execute("DELETE FROM apps WHERE id = %s", (asked.app,))
    return f"deregistered {asked.app}"


def age(connection: Connection, asked: argparse.Namespace) -> str:
    """Let the sign-ins of a person end so many seconds earlier, as if they had been made before."""
    aged = connection.execute(
        "UPDATE sign_ins SET ends_at = ends_at - %s * interval '1 second' WHERE person = %s",
        (asked.seconds, asked.email.lower()),
    )
    return f"{aged.rowcount} sign-ins of {asked.email}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m whoop_service.people", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(
        does: Callable[[Connection, argparse.Namespace], str], *names: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(does.__name__, help=does.__doc__, description=does.__doc__)
        added.set_defaults(does=does)
        for name in names:
            added.add_argument(name)
        return added

    command(admit, "client", "email").add_argument("role", choices=ROLES)
    command(dismiss, "email")
    command(deregister, "app")
    command(age, "email").add_argument("seconds", type=int)
    command(register, "app", "redirect_uri").add_argument(
        "role", choices=ROLES, help="the most that it may ask for"
    )
    return parser.parse_args()


def main() -> int:
    """Exit status 0 when it was done; otherwise 1, and why not on standard error."""
    asked = _arguments()
    settings = load(DatabaseSettings, f"{NAME} (people)")
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
