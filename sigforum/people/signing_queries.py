"""Reads of the ways in which people sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.ids import token_hash
from sigforum.people import queries
from sigforum.people.domain import Role
from sigforum.people.models import Person
from sigforum.people.signing_models import Authenticator, Passkey, RecoveryCode, SecondStep, SignInCode


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What an account's page shows of somebody's ways to sign in."""

    may_have_passkeys: bool
    may_have_app: bool
    passkeys: Sequence[Passkey]
    has_app: bool
    recovery_codes_left: int


def may_have_passkeys(person: Person) -> bool:
    """Passkeys are for organizers and facilitators, of whatever meeting."""
    return person.is_host or bool(_roles(person) & {Role.ORGANIZER, Role.FACILITATOR})


def may_have_app(person: Person) -> bool:
    """A second step is for organizers, of whatever meeting."""
    return person.is_host or Role.ORGANIZER in _roles(person)


def keys_of(person: Person) -> Keys:
    """Somebody's ways to sign in beside mail."""
    return Keys(
        may_have_passkeys=may_have_passkeys(person), may_have_app=may_have_app(person),
        passkeys=passkeys(person.id), has_app=db.session.get(Authenticator, person.id) is not None,
        recovery_codes_left=db.session.scalar(select(func.count()).select_from(RecoveryCode).where(
            RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))) or 0)


def passkeys(person_id: int) -> Sequence[Passkey]:
    """Somebody's passkeys, oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)).all()


def passkey_by_credential(credential_id: str) -> Passkey | None:
    """The passkey a device names, kept from others until the transaction ends."""
    return db.session.scalar(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update(of=Passkey))


def is_waiting(asked_secret: str) -> bool:
    """Whether a browser may still type the code of its mail."""
    return db.session.scalar(select(SignInCode.id).where(
        SignInCode.asked_hash == token_hash(asked_secret), SignInCode.used_at.is_(None),
        SignInCode.expires_at > now())) is not None


def is_half_way(secret: str) -> bool:
    """Whether a browser may still give the code of the person's app."""
    return db.session.scalar(select(SecondStep.id).where(
        SecondStep.token_hash == token_hash(secret), SecondStep.done_at.is_(None),
        SecondStep.expires_at > now())) is not None


def _roles(person: Person) -> set[Role]:
    return {Role(found.role) for found in queries.memberships_of(person.id)}
