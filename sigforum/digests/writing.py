"""A digest as a mail: subject, text, HTML, and the headers by which mail programs unsubscribe."""

from dataclasses import replace

from flask import current_app, render_template
from sqlalchemy import select

from sigforum.agenda.models import Meeting
from sigforum.digests.domain import MOST_SAID, Digest, Pace, Reader, SessionNews
from sigforum.digests.gathering import gather
from sigforum.digests.models import DigestChoice, DigestWindow
from sigforum.digests.tokens import token_for
from sigforum.extensions import db
from sigforum.people.domain import MailParts
from sigforum.people.models import Membership, OutgoingMail
from sigforum.settings import Settings
from sigforum.web.rendering import plural


def write_digest(mail: OutgoingMail) -> MailParts | None:
    """The words of a queued digest, of what is still news now; None where nothing is left, or nobody wants it."""
    window, choice = db.session.get(DigestWindow, mail.id), _choice(mail)
    if window is None or choice is None or choice.pace == Pace.NEVER or mail.meeting_id is None:
        return None
    news = gather(mail.meeting_id, [Reader(
        person_id=mail.person_id, after=window.after_number, up_to=window.up_to_number)])
    if mail.person_id not in news:
        return None
    meeting = db.session.get_one(Meeting, mail.meeting_id)
    return parts(Digest(meeting_title=" ".join(meeting.title.split()), slug=meeting.slug,
                        forum_sessions=news[mail.person_id]), token=token_for(choice.membership_id))


def parts(digest: Digest, *, token: str) -> MailParts:
    """A digest's words. `token` is that of the link which stops these mails."""
    settings: Settings = current_app.config["SETTINGS"]
    stop = f"{settings.base_url}/unsubscribe/{token}"
    headers = {"List-Unsubscribe": f"<{stop}>"}
    if settings.is_https:
        # RFC 8058: mail programs send the form themselves; they do so over TLS only.
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    values = {"digest": replace(digest, forum_sessions=tuple(_cut(one) for one in digest.forum_sessions)),
              "base": settings.base_url, "headline": headline(digest), "stop": stop,
              "left_out": {one.code: max(0, len(one.said) - MOST_SAID) for one in digest.forum_sessions},
              "counts": {one.code: headline(replace(digest, forum_sessions=(one,))) for one in digest.forum_sessions}}
    return MailParts(subject=f"{headline(digest)} in {digest.meeting_title}", headers=headers,
                     text=render_template("digests/mail.txt", **values),
                     html=render_template("digests/mail.html", **values))


def headline(digest: Digest) -> str:
    """What is new in numbers: it stands where anybody may read it, on a locked phone too."""
    counts = (
        (digest.replies, "reply to you", "replies to you"), (digest.responses, "new response", "new responses"),
        (digest.waiting_polls, "poll to vote in", "polls to vote in"),
        (digest.other_polls, "poll with news", "polls with news"),
        (digest.summaries, "summary with news", "summaries with news"))
    return ", ".join(plural(count, one, many) for count, one, many in counts if count)


def _cut(news: SessionNews) -> SessionNews:
    """As much as a mail repeats: the newest of what was said."""
    return news if news.is_gated else replace(news, said=news.said[-MOST_SAID:])


def _choice(mail: OutgoingMail) -> DigestChoice | None:
    return db.session.scalar(
        select(DigestChoice).join(Membership, Membership.id == DigestChoice.membership_id).where(
            Membership.person_id == mail.person_id, Membership.meeting_id == mail.meeting_id))
