"""Sign-ins as the database keeps them. A code makes one, a token renews it; what comes twice ends it."""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass

from whoop_service.database import Connection

CODE_SECONDS = 60
RENEWED_FOR_DAYS = 30
"""For so long a sign-in can be renewed; then the person signs in again."""


@dataclass(frozen=True)
class App:
    """An application. It keeps no secret, so a code is bound to whoever asked for it (PKCE)."""

    id: str
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class SignIn:
    """A sign-in, and the one token that renews it next."""

    id: uuid.UUID
    person: str
    app: str
    scopes: tuple[str, ...]
    renewal: str


def password_hash(password: str, salt: bytes) -> bytes:
    """What the database keeps of a password. Takes about 50 ms, and 16 MiB."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def find_app(connection: Connection, name: str) -> App | None:
    """A registered application."""
    row = await (
        await connection.execute("SELECT id, redirect_uri, scopes FROM apps WHERE id = %s", (name,))
    ).fetchone()
    return App(row["id"], row["redirect_uri"], tuple(row["scopes"])) if row else None


async def find_person(connection: Connection, email: str) -> tuple[bytes, bytes, frozenset[str]] | None:
    """Salt, password's hash and scopes of a person who may sign in."""
    cursor = await connection.execute(
        "SELECT salt, password, scopes FROM people WHERE email = %s AND dismissed_at IS NULL", (email,)
    )
    row = await cursor.fetchone()
    return (row["salt"], row["password"], frozenset(row["scopes"])) if row else None


async def keep_code(connection: Connection, app: App, person: str, scopes: list[str], challenge: str) -> str:
    """A new code for the application, good for a minute."""
    code = secrets.token_urlsafe(32)
    await connection.execute("DELETE FROM codes WHERE ends_at < now() - interval '1 day'")
    await connection.execute(
        "INSERT INTO codes (hash, app, person, scopes, redirect_uri, challenge, ends_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, now() + %s * interval '1 second')",
        (_digest(code), app.id, person, scopes, app.redirect_uri, challenge, CODE_SECONDS),
    )
    return code


async def use_code(
    connection: Connection, code: str, app: str, redirect_uri: str, verifier: str
) -> SignIn | None:
    """The sign-in that a code is for. A code that comes again ends what it was used for."""
    cursor = await connection.execute(
        "SELECT c.*, c.ends_at > now() AND p.dismissed_at IS NULL AS good"
        " FROM codes c JOIN people p ON p.email = c.person WHERE c.hash = %s FOR UPDATE OF c",
        (_digest(code),),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    if row["sign_in"]:
        await _end(connection, row["sign_in"])
        return None
    fits = row["app"] == app and row["redirect_uri"] == redirect_uri and _proves(verifier, row["challenge"])
    if not (row["good"] and fits):
        return None
    made = await connection.execute(
        "INSERT INTO sign_ins (app, person, scopes, ends_at)"
        " VALUES (%s, %s, %s, now() + %s * interval '1 day') RETURNING id",
        (app, row["person"], row["scopes"], RENEWED_FOR_DAYS),
    )
    sign_in = (await made.fetchone() or {})["id"]
    await connection.execute("UPDATE codes SET sign_in = %s WHERE hash = %s", (sign_in, _digest(code)))
    return await _renewed(connection, sign_in, row["person"], app, row["scopes"])


async def renew(connection: Connection, token: str, app: str) -> SignIn | None:
    """The sign-in that a token renews. One that comes again ends it: one of two who have it stole it."""
    cursor = await connection.execute(
        "SELECT r.used_at, s.id, s.app, s.person, s.scopes,"
        " s.revoked_at IS NULL AND s.ends_at > now() AND p.dismissed_at IS NULL AS good"
        " FROM renewals r JOIN sign_ins s ON s.id = r.sign_in JOIN people p ON p.email = s.person"
        " WHERE r.hash = %s FOR UPDATE OF r, s",
        (_digest(token),),
    )
    row = await cursor.fetchone()
    if row is None or row["app"] != app:
        return None
    if row["used_at"]:
        await _end(connection, row["id"])
        return None
    if not row["good"]:
        return None
    await connection.execute("UPDATE renewals SET used_at = now() WHERE hash = %s", (_digest(token),))
    return await _renewed(connection, row["id"], row["person"], app, row["scopes"])


async def sign_out(connection: Connection, token: str) -> None:
    """End the sign-in that a token renews."""
    cursor = await connection.execute("SELECT sign_in FROM renewals WHERE hash = %s", (_digest(token),))
    if row := await cursor.fetchone():
        await _end(connection, row["sign_in"])


async def _end(connection: Connection, sign_in: uuid.UUID) -> None:
    await connection.execute(
        "UPDATE sign_ins SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL", (sign_in,)
    )


async def _renewed(
    connection: Connection, sign_in: uuid.UUID, person: str, app: str, scopes: list[str]
) -> SignIn:
    token = secrets.token_urlsafe(32)
    await connection.execute(
        "INSERT INTO renewals (hash, sign_in) VALUES (%s, %s)", (_digest(token), sign_in)
    )
    return SignIn(sign_in, person, app, tuple(scopes), token)


def _proves(verifier: str, challenge: str) -> bool:
    """Whether this is what the challenge was made of (RFC 7636, S256)."""
    made = base64.urlsafe_b64encode(_digest(verifier)).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
