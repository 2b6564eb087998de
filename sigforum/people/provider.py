"""Signing in with an account at the operator's identity provider (OpenID Connect); it vouches for an address, and the
address must be an invited one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from sigforum.kernel.errors import NotFound, Refusal
from sigforum.kernel.ids import new_token
from sigforum.people import queries
from sigforum.people.domain import normal_email
from sigforum.people.models import Person
from sigforum.people.signing import HalfWay, LetIn, Means, let_in, spend
from sigforum.settings import Settings
from sigforum.transaction import transaction

# How long the page with the button may stand open.
BUTTON_SECONDS = 300
# The provider is asked while somebody waits, and while the web process holds a place for them.
TIMEOUT_SECONDS = 10
_KEY = "sigforum_provider"


class ProviderFailed(Refusal):
    """The provider could not be reached, or its answer was not one to trust."""

    status = 502

    def __init__(self) -> None:
        super().__init__("Signing in there did not work. Try again, or have a link mailed to you.")


class NotInvited(Refusal):
    """The provider vouches for an address that nobody invited, or for none."""

    status = 403


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """Whom the provider has vouched for, as it is kept in the browser's signed cookie until the button is pressed."""

    person_id: int
    at: float
    nonce: str

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Vouched":
        """Read it back from the cookie."""
        return cls(person_id=raw["person_id"], at=raw["at"], nonce=raw["nonce"])


def bind(app: Flask) -> None:
    """Get to know the provider, where the operator named one."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.oidc_issuer:
        return
    # Only for those who have a provider: it would cost every other web process megabytes.
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415 - see above
    app.extensions[_KEY] = OAuth(app).register(
        "provider", client_id=settings.oidc_client_id, client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": TIMEOUT_SECONDS})


def provider_name() -> str:
    """What people call the provider; empty where there is none."""
    settings = _settings()
    if _KEY not in current_app.extensions:
        return ""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).netloc


def go_there(*, back_to: str) -> ResponseReturnValue:
    """Send the browser to the provider; it comes back to `back_to`."""
    client = _client()
    try:
        answer: ResponseReturnValue = client.authorize_redirect(back_to)
    except (AuthlibBaseError, requests.RequestException, ValueError, RuntimeError) as problem:
        raise _failed(problem) from problem
    return answer


def come_back() -> tuple[Person, Vouched]:
    """The person the provider vouches for, from the request it sent the browser back with.

    Raises ProviderFailed, or NotInvited for an address nobody invited or that the provider has not verified.
    """
    client, settings = _client(), _settings()
    try:
        token = client.authorize_access_token(claims_options={
            "iss": {"essential": True, "values": [settings.oidc_issuer]}, "sub": {"essential": True}})
        claims = dict(token.get("userinfo") or {})
        if claims and "email" not in claims:
            more = dict(client.userinfo(token=token))
            # Of another account it says nothing about this one.
            claims |= more if more.get("sub") == claims["sub"] else {}
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError) as problem:
        raise _failed(problem) from problem
    if not claims:
        raise ProviderFailed()
    return _invited(claims)


def sign_in_vouched(vouched: Vouched, *, browser: str) -> LetIn | HalfWay:
    """The button: sign in whom the provider has vouched for. Raises Refusal when that was too long ago, or done."""
    with transaction():
        person = queries.known_person(vouched.person_id)
        if person is None or not 0 <= time.time() - vouched.at < BUTTON_SECONDS or not spend(vouched.nonce):
            raise Refusal("That was too long ago. Sign in there again.")
        return let_in(person, means=Means.PROVIDER, browser=browser)


def _invited(claims: Mapping[str, Any]) -> tuple[Person, Vouched]:
    email = normal_email(str(claims.get("email") or ""))
    # Whoever can type any address into their account there would otherwise be anybody here.
    if claims.get("email_verified") is not True or not email:
        raise NotInvited("Your account there has no verified address. Have a link mailed to you instead.")
    found = queries.person_by_email(email)
    person = queries.known_person(found.id) if found else None
    if person is None:
        raise NotInvited(f"{email} was not invited. Sign in with the account whose address your invitation went to.")
    return person, Vouched(person_id=person.id, at=time.time(), nonce=new_token())


def _client() -> Any:
    client = current_app.extensions.get(_KEY)
    if client is None:
        raise NotFound()
    return client


def _failed(problem: Exception) -> ProviderFailed:
    # The reason is for the operator; it may tell of addresses inside, and names no person.
    current_app.logger.warning("the identity provider: %s: %s", type(problem).__name__, problem)
    return ProviderFailed()


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
