"""A mail server, a clock to wind on, and news made through the same actions that people use."""

import secrets
from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from sigforum.digests.actions import choose_pace
from sigforum.digests.domain import Pace
from sigforum.digests.models import DigestChoice
from sigforum.digests.planning import plan_digests
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import mail as post
from sigforum.people.models import Membership, OutgoingMail
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.casting import Cast
from tests.serving import Mailbox

# Long enough for every pace: the next morning has come, and what was gathered is over.
LATER = timedelta(days=1, hours=1)


def say(cast: Cast, name: str, text: str, *, parent_id: int | None = None, code: str = "1A") -> int:
    """Post a response, or a reply; its id."""
    question = cast.forum_session(code).asked[0]
    return post_response(cast.viewer(name), NewResponse(
        question_id=question.id, parent_id=parent_id, key=secrets.token_hex(8), text=text)).id


def begin(cast: Cast, *, paces: dict[str, Pace] | None = None) -> None:
    """From here on there is news: the worker sees everybody for the first time, and some choose a pace."""
    assert plan_digests(now()) == 0
    for name, pace in (paces or {}).items():
        choose_pace(cast.viewer(name), pace)


def send(at: datetime | None = None) -> int:
    """What the worker does at a moment: queue, then send; how many mails went out."""
    plan_digests(at or now() + LATER)
    db.session.execute(db.update(OutgoingMail).values(due_at=now()))
    db.session.commit()
    return post.send_queued_mail()


def choice(cast: Cast, name: str) -> DigestChoice:
    """What is kept of somebody's choice, read afresh."""
    db.session.rollback()
    found = db.session.scalars(
        select(DigestChoice).join(Membership, Membership.id == DigestChoice.membership_id).where(
            Membership.person_id == cast.ids[name], Membership.meeting_id == cast.meeting_id)).one()
    return found


def part(mail: EmailMessage, kind: str) -> str:
    """The text or the HTML of a mail."""
    body = mail.get_body((kind,))
    assert body is not None, f"the mail has no {kind} part"
    return str(body.get_content()).replace("\r\n", "\n")


def everything(mail: EmailMessage) -> str:
    """All that a mail tells: its headers as they are shown and as they were sent, and both parts."""
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    return "\n".join([headers, mail.as_string(), part(mail, "plain"), part(mail, "html")])


def addresses(box: Mailbox) -> list[str]:
    """Who got mail, by address."""
    return sorted(str(mail["To"]) for mail in box.messages)


def use(app: Flask, box: Mailbox, **settings: str) -> None:
    """Let the application send through this server."""
    from_now = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(from_now)(**{**vars(from_now), "smtp_url": box.url, **settings})
