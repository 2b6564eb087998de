"""Signing a browser in, however the person has shown who they are; with an authenticator app in two steps."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Refusal
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.answering import accept_by_link
from sigforum.people.domain import BY_CARD
from sigforum.people.models import OutgoingMail, Person, SignIn, SignInLink
from sigforum.people.signing_models import Authenticator, SecondStep, SignInCode, SpentChallenge
from sigforum.transaction import transaction

SECOND_STEP_LIFE = timedelta(minutes=10)
# Rows of signing in count tries for a day and are of no use afterwards.
KEPT = timedelta(days=2)


class Means(StrEnum):
    """How somebody showed who they are."""

    LINK = "link"
    # What a meeting makes: the link of its invitation, and its card for the door. They open that meeting only.
    INVITATION = "invitation"
    CARD = BY_CARD
    CODE = "code"
    PASSKEY = "passkey"
    PROVIDER = "provider"


_ONE_STEP = frozenset({Means.PASSKEY, Means.CARD})


@dataclass(frozen=True, kw_only=True)
class LetIn:
    """A browser that is signed in: its row, which says what it may open, and the secret for its cookie."""

    sign_in: SignIn
    secret: str


@dataclass(frozen=True, kw_only=True)
class HalfWay:
    """A browser that has still to give a code of the authenticator app; the secret is for its cookie."""

    secret: str


def sign_in_by_link(token: str, *, browser: str) -> LetIn | HalfWay:
    """Exchange a link for a signed-in browser. A link that was sent with an invitation accepts this one and no other.

    Raises Refusal where the link is used, expired or unknown.
    """
    with transaction():
        # Locked before it is read: of two uses at the same moment only one finds it unused.
        db.session.execute(
            select(SignInLink.id).where(SignInLink.token_hash == token_hash(token)).with_for_update())
        link = queries.usable_link(token)
        if link is None:
            raise Refusal("This link has been used or has expired. Ask for a new one.")
        if link.is_for_door and link.used_at is None:
            # The worker's next look sends it.
            db.session.add(OutgoingMail(person_id=link.person_id, meeting_id=link.meeting_id, template="card_used"))
            record("card_first_used", meeting_id=link.meeting_id, actor_id=None, by="card",
                   subject=f"person {link.person_id}")
        link.used_at = now()
        return let_in(link.person, means=Means.LINK, browser=browser, link=link)


def take_up(link: SignInLink) -> None:
    """Accept what a link was sent for in a browser whose owner has signed in with the whole account already."""
    with transaction():
        link.used_at = now()
        accept_by_link(link)


def let_in(person: Person, *, means: Means, browser: str, link: SignInLink | None = None,
           is_second_step: bool = False) -> LetIn | HalfWay:
    """Sign a browser in, in a running transaction; half way only, where an app's code is to be asked for.

    A passkey needs none: the device has asked for a finger, a face or a PIN. Nor does a card: it opens nothing that the
    app protects, and being asked would tell whoever printed it that its owner has one.
    """
    if person.erased_at is not None:
        raise Refusal("This person's data was erased; nobody can sign in as them.")
    secret = new_token()
    means, scope = _means(means, link), link.meeting_id if link else None
    has_app = db.session.get(Authenticator, person.id) is not None
    if has_app and not is_second_step and means not in _ONE_STEP:
        db.session.add(SecondStep(
            person_id=person.id, link_id=link.id if link else None, token_hash=token_hash(secret), means=means.value,
            expires_at=now() + SECOND_STEP_LIFE))
        return HalfWay(secret=secret)
    signed_in = SignIn(person_id=person.id, token_hash=token_hash(secret), browser=browser[:200], meeting_id=scope,
                       means=means.value)
    db.session.add(signed_in)
    if link is not None and scope is not None:
        accept_by_link(link)
    record("signed_in", meeting_id=scope, actor_id=person.id, subject=f"person {person.id}",
           through=BY_CARD if means == Means.CARD else "", means=means.value, is_second_step=is_second_step)
    db.session.flush()
    return LetIn(sign_in=signed_in, secret=secret)


def _means(means: Means, link: SignInLink | None) -> Means:
    if link is None or link.meeting_id is None:
        return means
    return Means.CARD if link.is_for_door else Means.INVITATION


def spend(challenge: str) -> bool:
    """Note that a challenge was answered, in a running transaction; False where that happened before."""
    spent = token_hash(challenge)
    if db.session.get(SpentChallenge, spent) is not None:
        return False
    db.session.add(SpentChallenge(challenge_hash=spent))
    db.session.flush()
    return True


def forget_old_tries() -> None:
    """Delete codes, half sign-ins and challenges whose time is long over."""
    before = now() - KEPT
    with transaction():
        db.session.execute(delete(SignInCode).where(SignInCode.created_at < before))
        db.session.execute(delete(SecondStep).where(SecondStep.created_at < before))
        db.session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at < before))
