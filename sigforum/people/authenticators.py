"""Authenticator apps as a second step for organizers, and recovery codes for the day the phone is lost."""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import segno
from markupsafe import Markup
from sqlalchemy import delete, func, select, update

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.kernel.ids import token_hash
from sigforum.people.jobs import wake_mail
from sigforum.people.models import OutgoingMail, Person
from sigforum.people.sealing import seal, unseal
from sigforum.people.signing import LetIn, Means, let_in
from sigforum.people.signing_models import Authenticator, Passkey, RecoveryCode, SecondStep
from sigforum.people.signing_queries import may_have_app
from sigforum.transaction import Transaction, transaction

# Told by mail whenever a way to sign in comes or goes: a browser left open must not become a key in silence.
KEYS_CHANGED = "keys_changed"
TRIES_A_STEP = 5
WRONG_TRIES_A_DAY = 20
RECOVERY_CODES = 10
# No letters or digits that look alike on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PERIOD_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class WrongStep:
    """The app's code was wrong; with no tries left the sign-in begins anew."""

    tries_left: int


def new_secret() -> str:
    """A secret for an app, not stored yet."""
    return pyotp.random_base32()


def set_up_picture(person: Person, secret: str) -> Markup:
    """The QR code that an app scans."""
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="sigforum")
    return Markup(segno.make(address, micro=False).svg_inline(
        omitsize=True, border=2, dark="#000", light="#fff", svgclass=None, lineclass=None))


def set_up_app(person: Person, secret: str, *, code: str) -> list[str]:
    """Ask for the app's code at every sign-in from now on; the recovery codes, shown this once. Raises Invalid for a
    wrong code, and Conflict where an app is set up already."""
    if not may_have_app(person):
        raise NotFound()
    step = _step_of(secret, code, after=0)
    if step is None:
        raise Invalid({"code": "That is not the code the app shows now. Is the clock of your phone right?"})
    with transaction() as tx:
        if db.session.get(Authenticator, person.id) is not None:
            raise Conflict("An app is set up already. Remove it first.")
        db.session.add(Authenticator(person_id=person.id, sealed_secret=seal(secret), last_step=step))
        _note(tx, person.id, "authenticator_added", before=False, after=True)
        return _new_recovery_codes(person.id)


def renew_recovery_codes(person: Person) -> list[str]:
    """New recovery codes; the earlier ones end."""
    with transaction() as tx:
        if db.session.get(Authenticator, person.id) is None:
            raise NotFound("No authenticator app is set up.")
        _note(tx, person.id, "recovery_codes_renewed")
        return _new_recovery_codes(person.id)


def remove_app(person: Person) -> None:
    """Ask for no code any more. Raises NotFound where there was no app."""
    with transaction() as tx:
        if db.session.get(Authenticator, person.id) is None:
            raise NotFound("No authenticator app is set up.")
        _forget_app(person.id)
        _note(tx, person.id, "authenticator_removed", before=True, after=False)


def forget_keys(person: Person) -> None:
    """Forget app, recovery codes and passkeys of somebody who has lost them; the operator's command."""
    with transaction():
        _forget_app(person.id)
        db.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
        record("keys_forgotten", meeting_id=None, actor_id=None, subject=f"person {person.id}")


def finish_sign_in(secret: str, raw: str, *, browser: str) -> LetIn | WrongStep:
    """The second step: a code of the app, or a recovery code, signs the browser in."""
    with transaction():
        step = db.session.scalar(
            select(SecondStep).where(SecondStep.token_hash == token_hash(secret)).with_for_update(of=SecondStep))
        if step is None or step.done_at or step.expires_at <= now() or step.tries >= TRIES_A_STEP:
            return WrongStep(tries_left=0)
        left = min(TRIES_A_STEP - step.tries, WRONG_TRIES_A_DAY - _wrong_today(step.person_id))
        # A recovery code cannot be guessed: it lets in also where somebody else has used up the day's tries.
        if not (left > 0 and _takes_app_code(step.person_id, raw)) and not _takes_recovery_code(step.person_id, raw):
            step.tries += 1
            record("second_step_failed", meeting_id=None, actor_id=None, subject=f"person {step.person_id}")
            return WrongStep(tries_left=max(0, left - 1))
        step.done_at = now()
        done = let_in(step.person, means=Means(step.means), browser=browser, link=step.link, is_second_step=True)
        assert isinstance(done, LetIn), "a second step has no second step"
        return done


def note_keys_changed(tx: Transaction, person_id: int) -> None:
    """Tell somebody by mail that their ways to sign in have changed, in a running transaction."""
    db.session.add(OutgoingMail(person_id=person_id, template=KEYS_CHANGED))
    tx.after_commit(wake_mail)


def _note(tx: Transaction, person_id: int, verb: str, **detail: bool) -> None:
    record(verb, meeting_id=None, actor_id=person_id, subject=f"person {person_id}", **detail)
    note_keys_changed(tx, person_id)


def _takes_app_code(person_id: int, raw: str) -> bool:
    app = db.session.get(Authenticator, person_id, with_for_update=True, populate_existing=True)
    secret = unseal(app.sealed_secret) if app else None
    if app is None or secret is None:
        return False
    step = _step_of(secret, raw, after=app.last_step)
    if step is None:
        return False
    app.last_step = step
    return True


def _step_of(secret: str, raw: str, *, after: int) -> int | None:
    """The half minute whose code this is: the present one, or one beside it for clocks that are a little off. None
    for a wrong code, and for those of half minutes up to `after`: whoever looked over a shoulder comes too late."""
    code, present = re.sub(r"[\s-]", "", raw), int(now().timestamp()) // _PERIOD_SECONDS
    generator, found = pyotp.TOTP(secret, interval=_PERIOD_SECONDS), None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()) and step > after:
            found = step
    return found


def _takes_recovery_code(person_id: int, raw: str) -> bool:
    code = re.sub(r"[\s-]", "", raw).lower()
    used = db.session.scalar(
        update(RecoveryCode).where(
            RecoveryCode.person_id == person_id, RecoveryCode.code_hash == token_hash(code),
            RecoveryCode.used_at.is_(None)).values(used_at=now()).returning(RecoveryCode.id))
    if used is not None:
        record("recovery_code_used", meeting_id=None, actor_id=person_id, subject=f"person {person_id}")
    return used is not None


def _wrong_today(person_id: int) -> int:
    return db.session.scalar(select(func.coalesce(func.sum(SecondStep.tries), 0)).where(
        SecondStep.person_id == person_id, SecondStep.created_at > now() - timedelta(days=1))) or 0


def _new_recovery_codes(person_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    # Sixteen of 31 signs are 79 bits: a plain hash of them is as good as one with a key.
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(person_id=person_id, code_hash=token_hash(code)) for code in codes)
    return ["-".join(code[start:start + 4] for start in range(0, 16, 4)) for code in codes]


def _forget_app(person_id: int) -> None:
    for table in (Authenticator, RecoveryCode, SecondStep):
        db.session.execute(delete(table).where(table.person_id == person_id))
