"""Sending the mails that wait: each once, tried again with growing patience, and never twice after a crash."""

from datetime import timedelta
from email.utils import make_msgid

from flask import current_app
from sqlalchemy import func, select, update

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import queries
from sigforum.people.composing import compose
from sigforum.people.domain import MailState
from sigforum.people.headers import own_domain
from sigforum.people.models import OutgoingMail
from sigforum.people.smtp import Lost, PostOffice, Refused, ServerProblem, Unsure
from sigforum.settings import Settings
from sigforum.transaction import transaction

# How long to wait after each failed attempt; greylisting wants minutes, a broken server may take a day.
PATIENCE = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1),
            timedelta(hours=4), timedelta(hours=12), timedelta(hours=24))
MOST_ATTEMPTS = len(PATIENCE) + 1
MAYBE = "The connection ended while the mail was handed over. It may have arrived; ask before you send it again."
# What a worker still has in hand.
_HELD = (MailState.SENDING, MailState.HANDED, MailState.UNSURE)


def send_queued_mail() -> int:
    """Send every mail whose time has come; how many went out. A failure is kept with its reason."""
    sent = 0
    with PostOffice(_settings()) as office:
        for identifier in queries.due_mail_ids(now()):
            try:
                sent += _send_one(identifier, office)
            except ServerProblem as problem:
                # Those behind this one would only wait for the same server, each until it times out.
                _put_off_all(str(problem))
                break
    return sent


def requeue_interrupted() -> None:
    """Put right what a killed worker left: what cannot have gone out goes back into the queue, and what may have gone
    is not sent again by itself."""
    with transaction():
        mails = update(OutgoingMail)
        db.session.execute(mails.where(OutgoingMail.state == MailState.SENDING).values(state=MailState.QUEUED))
        db.session.execute(mails.where(OutgoingMail.state == MailState.HANDED).values(
            state=MailState.UNSURE, last_error=MAYBE))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _send_one(identifier: int, office: PostOffice) -> bool:
    attempt = _claim(identifier)
    if attempt is None:
        return False
    try:
        message = compose(db.session.get_one(OutgoingMail, identifier))
        if message is None:
            _finish(identifier, attempt, state=MailState.WITHDRAWN, reason="")
            return False
        office.hand_over(message, before_last_line=lambda: _hand(identifier, attempt))
    except Lost:
        return False
    except Unsure:
        _finish(identifier, attempt, state=MailState.UNSURE, reason=MAYBE)
    except Refused as refusal:
        if refusal.is_final:
            _finish(identifier, attempt, state=MailState.BOUNCED, reason=str(refusal))
        else:
            _try_later(identifier, attempt, str(refusal))
    except ServerProblem as problem:
        _try_later(identifier, attempt, str(problem))
        raise
    except Exception as problem:
        # Whatever is wrong with this mail, those behind it go out.
        db.session.rollback()
        current_app.logger.exception("mail %s could not be made", identifier)
        _try_later(identifier, attempt, f"It could not be made: {type(problem).__name__}")
    else:
        _finish(identifier, attempt, state=MailState.SENT, reason="")
        return True
    return False


def _claim(identifier: int) -> int | None:
    """Take a mail for this thread alone, and say which attempt it is. Its Message-ID is stored before any server
    hears of it, and stays the same in every attempt."""
    fresh = make_msgid(idstring=str(identifier), domain=own_domain(_settings().mail_from))
    with transaction():
        return db.session.scalar(
            update(OutgoingMail).where(OutgoingMail.id == identifier, OutgoingMail.state == MailState.QUEUED)
            .values(state=MailState.SENDING, attempts=OutgoingMail.attempts + 1,
                    message_id=func.coalesce(func.nullif(OutgoingMail.message_id, ""), fresh))
            .returning(OutgoingMail.attempts))


def _hand(identifier: int, attempt: int) -> bool:
    """Note that the mail may be out from now on. False where it is no longer this attempt's to send."""
    with transaction():
        held = db.session.scalar(
            update(OutgoingMail).where(
                OutgoingMail.id == identifier, OutgoingMail.state == MailState.SENDING,
                OutgoingMail.attempts == attempt)
            .values(state=MailState.HANDED).returning(OutgoingMail.id))
    return held is not None


def _finish(identifier: int, attempt: int, *, state: MailState, reason: str) -> None:
    with transaction():
        db.session.execute(
            update(OutgoingMail).where(
                OutgoingMail.id == identifier, OutgoingMail.attempts == attempt, OutgoingMail.state.in_(_HELD))
            .values(state=state, last_error=reason, sent_at=now() if state is MailState.SENT else None))


def _try_later(identifier: int, attempt: int, reason: str) -> None:
    if attempt >= MOST_ATTEMPTS:
        _finish(identifier, attempt, state=MailState.FAILED, reason=reason)
        return
    with transaction():
        db.session.execute(
            update(OutgoingMail).where(
                OutgoingMail.id == identifier, OutgoingMail.attempts == attempt, OutgoingMail.state.in_(_HELD))
            .values(state=MailState.QUEUED, last_error=reason, due_at=now() + PATIENCE[attempt - 1]))


def _put_off_all(reason: str) -> None:
    """A server that does not answer counts as a failed attempt for every mail that was due."""
    with transaction():
        moment = now()
        due = select(OutgoingMail.id, OutgoingMail.attempts).where(
            OutgoingMail.state == MailState.QUEUED, OutgoingMail.due_at <= moment)
        for tried in sorted({row.attempts for row in db.session.execute(due)}, reverse=True):
            is_last = tried + 1 >= MOST_ATTEMPTS
            db.session.execute(
                update(OutgoingMail).where(
                    OutgoingMail.state == MailState.QUEUED, OutgoingMail.due_at <= moment,
                    OutgoingMail.attempts == tried)
                .values(attempts=tried + 1, last_error=reason,
                        state=MailState.FAILED if is_last else MailState.QUEUED,
                        due_at=moment + (timedelta() if is_last else PATIENCE[tried])))
