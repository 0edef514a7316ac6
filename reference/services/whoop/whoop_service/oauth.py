"""/oauth: people sign in with an application (OAuth 2.0: RFC 6749, 7009, 7636, 8414, 9207)."""

import asyncio
import hmac
import html
import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from whoop_service import sign_ins
from whoop_service.context import InContext
from whoop_service.sign_ins import App
from whoop_service.tokens import LIFETIME_SECONDS, Tokens
from whoop_service.usage import Usage

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_UNKEPT = {"Cache-Control": "no-store"}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in</title><h1>Sign in</h1><p>{words}</p>
<form method="post">{hidden}
<p><label>E-mail <input name="email" type="email" autocomplete="username" required></label></p>
<p><label>Password
<input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p></form></html>"""

router = APIRouter(include_in_schema=False)


def _tokens(request: Request) -> Tokens:
    tokens: Tokens | None = request.app.state.tokens
    if tokens is None:
        raise HTTPException(404, "Nobody signs in here.")
    return tokens


InTokens = Annotated[Tokens, Depends(_tokens)]


@router.get("/.well-known/oauth-authorization-server")
async def describe(tokens: InTokens) -> dict[str, Any]:
    """What an application has to know (RFC 8414)."""
    return {
        "issuer": tokens.issuer,
        "authorization_endpoint": f"{tokens.issuer}/oauth/authorize",
        "token_endpoint": f"{tokens.issuer}/oauth/token",
        "revocation_endpoint": f"{tokens.issuer}/oauth/revoke",
        "jwks_uri": f"{tokens.issuer}/oauth/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "authorization_response_iss_parameter_supported": True,
    }


@router.get("/oauth/jwks.json")
async def keys(tokens: InTokens) -> dict[str, Any]:
    """The public keys of our tokens."""
    return tokens.published()


@router.get("/oauth/authorize")
async def ask(request: Request, context: InContext, tokens: InTokens) -> Response:
    """The page on which a person signs in."""
    asked = dict(request.query_params)
    app = await _app_of(context, asked)
    return _refusal(app, asked, tokens) or _page(asked, "Your application asks for access to your records.")


@router.post("/oauth/authorize")
async def sign_in(request: Request, context: InContext, tokens: InTokens) -> Response:
    """A person signs in; the application gets a code."""
    asked = await _form(request)
    app = await _app_of(context, asked)
    if refused := _refusal(app, asked, tokens):
        return refused
    email, usage = asked.get("email", "").strip().lower(), request.app.state.usage
    scopes = await _scopes_of(context, usage, email, asked.get("password", ""))
    if scopes is None:
        return _page(asked, "E-mail or password is not right.", 401)
    wanted = [
        scope
        for scope in app.scopes
        if scope in scopes and scope in asked.get("scope", " ".join(app.scopes)).split()
    ]
    code = await context.database.run(
        lambda connection: sign_ins.keep_code(connection, app, email, wanted, asked["code_challenge"])
    )
    return _back(app, {"code": code, "state": asked.get("state"), "iss": tokens.issuer})


@router.post("/oauth/token")
async def give_tokens(request: Request, context: InContext, tokens: InTokens) -> Response:
    """An access token for an hour, and the next token that renews the sign-in."""
    asked = await _form(request)
    app = asked.get("client_id", "")
    match asked.get("grant_type"):
        case "authorization_code":
            proof = (
                asked.get("code", ""),
                app,
                asked.get("redirect_uri", ""),
                asked.get("code_verifier", ""),
            )
            found = await context.database.run(lambda connection: sign_ins.use_code(connection, *proof))
        case "refresh_token":
            token = asked.get("refresh_token", "")
            found = await context.database.run(lambda connection: sign_ins.renew(connection, token, app))
        case _:
            return JSONResponse({"error": "unsupported_grant_type"}, 400, _UNKEPT)
    if found is None:
        return JSONResponse({"error": "invalid_grant"}, 400, _UNKEPT)
    answer = {
        "access_token": tokens.issue(found.person, found.app, found.id, list(found.scopes)),
        "token_type": "Bearer",
        "expires_in": LIFETIME_SECONDS,
        "refresh_token": found.renewal,
        "scope": " ".join(found.scopes),
    }
    return JSONResponse(answer, 200, _UNKEPT)


@router.post("/oauth/revoke")
async def sign_out(request: Request, context: InContext) -> Response:
    """The application gives its sign-in back. All its tokens stop working within seconds, everywhere."""
    token = (await _form(request)).get("token", "")
    await context.database.run(lambda connection: sign_ins.sign_out(connection, token))
    return Response(status_code=200, headers=_UNKEPT)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; one that comes twice is an error (RFC 6749, 3.1)."""
    pairs = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise HTTPException(400, "A field came twice.")
    return dict(pairs)


async def _app_of(context: InContext, asked: Mapping[str, str]) -> App:
    """The application that asks. It is answered at the address that it registered, sign by sign."""
    app = await context.database.run(
        lambda connection: sign_ins.find_app(connection, asked.get("client_id", ""))
    )
    if app is None or asked.get("redirect_uri") != app.redirect_uri:
        raise HTTPException(
            400, "This application, or the address that it wants to be answered at, is not registered."
        )
    return app


def _refusal(app: App, asked: Mapping[str, str], tokens: Tokens) -> Response | None:
    if asked.get("response_type") != "code":
        return _back(
            app, {"error": "unsupported_response_type", "state": asked.get("state"), "iss": tokens.issuer}
        )
    if asked.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
        asked.get("code_challenge", "")
    ):
        return _back(app, {"error": "invalid_request", "state": asked.get("state"), "iss": tokens.issuer})
    return None


async def _scopes_of(context: InContext, usage: Usage, email: str, password: str) -> frozenset[str] | None:
    """What the person may do, when this is the password. As much work is done for somebody unknown."""
    if wait := await usage.attempts_wait(email):
        raise HTTPException(429, f"Too many attempts. Try again in {wait} s.", {"Retry-After": str(wait)})
    found = await context.database.run(lambda connection: sign_ins.find_person(connection, email))
    salt, kept, scopes = found or (b"nobody's salt...", b"", frozenset[str]())
    made = await asyncio.to_thread(sign_ins.password_hash, password, salt)
    if found and hmac.compare_digest(made, kept):
        return scopes
    await usage.note_attempt(email)
    return None


def _page(asked: Mapping[str, str], words: str, status: int = 200) -> Response:
    kept = {name: value for name, value in asked.items() if name not in ("email", "password")}
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in kept.items()
    )
    return HTMLResponse(_PAGE.format(words=words, hidden=hidden), status, _UNKEPT)


def _back(app: App, said: Mapping[str, str | None]) -> Response:
    query = urlencode({name: value for name, value in said.items() if value is not None})
    return RedirectResponse(f"{app.redirect_uri}?{query}", 303, _UNKEPT)
