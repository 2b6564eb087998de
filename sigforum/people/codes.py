"""The six digits in a sign-in mail, for people who read their mail on another device than they sign in on."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.domain import normal_email
from sigforum.people.models import OutgoingMail, Person
from sigforum.people.sealing import keyed_hash
from sigforum.people.signing import HalfWay, LetIn, Means, let_in
from sigforum.people.signing_models import SignInCode
from sigforum.transaction import transaction

CODE_LIFE = timedelta(minutes=15)
TRIES_A_CODE = 5
# Over all codes asked for an address. Without it, new codes asked for by the hundred would be new tries by the hundred.
WRONG_TRIES_A_DAY = 10
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WrongCode:
    """The code was wrong, or over, or never sent; `tries_left` is the same for addresses that nobody has."""

    tries_left: int


def ask_code(email: str, *, person: Person | None, mail: OutgoingMail | None) -> str:
    """Let the browser that gave an address use the code sent there, in a running transaction. The answer is the
    secret it keeps: who has no more than the six digits, or guesses them elsewhere, gets nowhere."""
    secret, settings = new_token(), current_app.config["SETTINGS"]
    db.session.flush()
    db.session.add(SignInCode(
        person_id=person.id if person and mail else None, mail_id=mail.id if mail else None,
        asked_hash=token_hash(secret), address_hash=address_hash(email),
        expires_at=now() + timedelta(minutes=settings.sign_in_minutes)))
    return secret


def code_for_mail(mail: OutgoingMail, *, link: str) -> str:
    """The code for a mail that is being made, stored as its hash beside the mail's link; empty where no browser
    waits for one."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction():
        asked = db.session.scalar(select(SignInCode).where(SignInCode.mail_id == mail.id))
        sent = queries.known_link(link.rpartition("/")[2])
        if asked is None or sent is None:
            return ""
        asked.link_id, asked.code_hash, asked.expires_at = sent.id, _code_hash(asked.id, code), now() + CODE_LIFE
    return code


def sign_in_by_code(asked_secret: str, code: str, *, browser: str) -> LetIn | HalfWay | WrongCode:
    """Exchange the mailed digits for a signed-in browser, in the browser where the address was given."""
    with transaction():
        asked = db.session.scalar(
            select(SignInCode).where(SignInCode.asked_hash == token_hash(asked_secret)).with_for_update(of=SignInCode))
        if asked is None or asked.used_at or asked.expires_at <= now() or (asked.link and asked.link.used_at):
            return WrongCode(tries_left=0)
        left = _tries_left(asked)
        if left <= 0:
            return WrongCode(tries_left=0)
        # Compared also where no code was ever sent: the time an answer takes tells nothing either.
        is_right = hmac.compare_digest(asked.code_hash, _code_hash(asked.id, code))
        if not is_right or asked.link is None:
            asked.tries += 1
            if left == 1:
                record("code_tries_used_up", meeting_id=None, actor_id=None, subject=f"sign-in code {asked.id}")
            return WrongCode(tries_left=left - 1)
        asked.used_at = asked.link.used_at = now()
        return let_in(asked.link.person, means=Means.CODE, browser=browser, link=asked.link)


def _tries_left(asked: SignInCode) -> int:
    today = db.session.scalar(select(func.coalesce(func.sum(SignInCode.tries), 0)).where(
        SignInCode.address_hash == asked.address_hash, SignInCode.created_at > now() - DAY)) or 0
    return min(TRIES_A_CODE - asked.tries, WRONG_TRIES_A_DAY - today)


def address_hash(email: str) -> str:
    """Under what the tries for an address are counted."""
    return keyed_hash("address", normal_email(email))


def _code_hash(asked_id: int, code: str) -> str:
    return keyed_hash("sign-in code", f"{asked_id} {code}")
