"""Passkeys: registered on one's account page, and then one touch signs in without mail."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.kernel.ids import new_token
from sigforum.kernel.text import one_line
from sigforum.people.authenticators import note_keys_changed
from sigforum.people.models import Person
from sigforum.people.signing import HalfWay, LetIn, Means, let_in, spend
from sigforum.people.signing_models import Passkey
from sigforum.people.signing_queries import may_have_passkeys, passkey_by_credential, passkeys
from sigforum.settings import Settings
from sigforum.transaction import transaction

MOST_PASSKEYS, MOST_NAME = 10, 60
LONGEST_ANSWER = 20_000
NOT_TAKEN = {"credential": "The passkey was not taken. Try again, or have a link mailed to you."}


def are_possible() -> bool:
    """Browsers tie a passkey to a host name; where people use a bare network address there are none."""
    host = urlsplit(_settings().base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return _settings().is_https or host == "localhost" or host.endswith(".localhost")
    return False


def registration_options(person: Person) -> Mapping[str, Any]:
    """What a device is asked for a new passkey; its `challenge` is kept in the browser's cookie meanwhile."""
    _check_may_register(person)
    here = passkeys(person.id)
    handle = here[0].user_handle if here else new_token()
    asked: Mapping[str, Any] = _ceremonies().registration(
        _host(), handle=handle, user_name=person.email, shown_name=person.own_name,
        known=[one.credential_id for one in here])
    return asked


def register_passkey(person: Person, *, options: Mapping[str, Any], answer: str, name: str) -> Passkey:
    """Keep the public half of a new key pair. Raises Invalid where the device's answer does not fit the options."""
    _check_may_register(person)
    with _refusing():
        key = _ceremonies().registered(
            _answer(answer), challenge=options["challenge"], host=_host(), origin=_settings().base_url)
    with transaction() as tx:
        if not spend(options["challenge"]) or db.session.scalar(
                select(Passkey.id).where(Passkey.credential_id == key.credential_id)) is not None:
            raise Invalid(NOT_TAKEN)
        passkey = Passkey(
            person_id=person.id, credential_id=key.credential_id, sign_count=key.sign_count,
            public_key=key.public_key, user_handle=options["user"]["id"],
            name=one_line(name)[:MOST_NAME] or "Passkey")
        db.session.add(passkey)
        db.session.flush()
        record("passkey_added", meeting_id=None, actor_id=person.id, subject=f"person {person.id}", before=None,
               after={"passkey": passkey.id})
        note_keys_changed(tx, person.id)
    return passkey


def remove_passkey(person: Person, passkey_id: int) -> None:
    """Forget one of one's own passkeys. Raises NotFound for anybody else's."""
    with transaction() as tx:
        gone = db.session.scalar(
            delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person.id).returning(Passkey.id))
        if gone is None:
            raise NotFound("There is no such passkey.")
        record("passkey_removed", meeting_id=None, actor_id=person.id, subject=f"person {person.id}",
               before={"passkey": gone}, after=None)
        note_keys_changed(tx, person.id)


def sign_in_options() -> Mapping[str, Any]:
    """What a device is asked for a sign-in. It names no keys: nobody learns who has one."""
    if not are_possible():
        raise NotFound()
    asked: Mapping[str, Any] = _ceremonies().sign_in(_host())
    return asked


def sign_in_by_passkey(challenge: str, answer: str, *, browser: str) -> LetIn:
    """Sign in with a device's answer to a challenge. Raises Invalid where it is not the answer, or an old one."""
    credential = _answer(answer)
    with transaction():
        passkey = passkey_by_credential(str(credential.get("id")))
        if passkey is None:
            raise Invalid(NOT_TAKEN)
        with _refusing():
            signed = _ceremonies().signed(
                credential, challenge=challenge, host=_host(), origin=_settings().base_url,
                public_key=passkey.public_key, sign_count=passkey.sign_count)
        if not spend(challenge):
            raise Invalid(NOT_TAKEN)
        passkey.sign_count, passkey.used_at = signed, now()
        done = let_in(passkey.person, means=Means.PASSKEY, browser=browser)
        assert not isinstance(done, HalfWay), "a passkey needs no second step"
        return done


def _check_may_register(person: Person) -> None:
    if not are_possible() or not may_have_passkeys(person):
        raise NotFound()
    if len(passkeys(person.id)) >= MOST_PASSKEYS:
        raise Conflict(f"You have {MOST_PASSKEYS} passkeys. Remove one first.")


@contextmanager
def _refusing() -> Iterator[None]:
    """Anybody may send bytes that the libraries then stumble over, each in its own way: all of it is a refusal."""
    try:
        yield
    except Exception as problem:
        raise Invalid(NOT_TAKEN) from problem


def _answer(text: str) -> dict[str, Any]:
    with _refusing():
        found = json.loads(text[:LONGEST_ANSWER])
        return {**found}


def _ceremonies() -> ModuleType:
    # Most web processes see few passkeys; what reads devices' certificates would take a twentieth of the memory of all.
    from sigforum.people import ceremonies  # noqa: PLC0415 - see above
    return ceremonies


def _host() -> str:
    return urlsplit(_settings().base_url).hostname or ""


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
