"""How people sign in with an application (OAuth 2.0, authorization code with PKCE), and what their tokens say."""

from __future__ import annotations

from collections.abc import Mapping

from readiness.config.models import Seconds, StrictModel, Text, Url, UrlPath
from readiness.config.secrets import SecretReference


class Form(StrictModel):
    """The names of the fields of the page on which people sign in."""

    person: Text = "email"
    password: Text = "password"


class SignIn(StrictModel):
    """`issuer`, `audience` and `type` (of the header) as they stand in an access token; `key` signs it (P-256, in PEM).

    `redirect_uri`: where an application of ours would be answered; nobody goes there. `skew`: by how much clocks may differ.
    `classes`: operation -> in words, what it stands for: each way by which a
    request gets to what is protected.
    """

    issuer: Url
    audience: Text
    type: Text = "at+jwt"
    key: SecretReference
    redirect_uri: Url
    form: Form = Form()
    authorize: UrlPath = "/oauth/authorize"
    token: UrlPath = "/oauth/token"
    revoke: UrlPath = "/oauth/revoke"
    keys: UrlPath = "/oauth/jwks.json"
    skew: Seconds
    classes: Mapping[Text, Text]
