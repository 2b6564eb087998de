"""What the pages of polls share: the poll a viewer may know of, and the way back."""

from flask import url_for

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries
from sigforum.ballots.models import Poll
from sigforum.people.domain import Viewer


def visible(viewer: Viewer, poll_id: int) -> Poll:
    """A poll that the viewer may know of. Raises NotFound."""
    poll = queries.poll(viewer.meeting_id, poll_id)
    return queries.visible_poll(
        viewer.meeting_id, poll_id, audience=viewer.audience(poll.forum_session_id))


def back(forum_session: ForumSession, poll: Poll | None = None) -> str:
    """Where a form leads after it was sent: the forum session's page, at the poll."""
    anchor = f"#poll-{poll.id}" if poll is not None else "#polls"
    return url_for("threads.show_forum_session", slug=forum_session.meeting.slug,
                   code=forum_session.code) + anchor


def as_typed(poll: Poll) -> dict[str, str]:
    """A stored poll as its form had it."""
    typed = {"kind": poll.kind, "title": poll.title, "visibility": poll.visibility, "secrecy": poll.secrecy,
             "statements": "\n".join(option.text for option in poll.terms.options)}
    typed |= {name: "" if value is None else str(value) for name, value in poll.settings.items()}
    if poll.rule:
        typed["rule"] = poll.rule["name"]
        typed |= {f"{poll.rule['name']}-{name}": str(value) for name, value in poll.rule["params"].items()}
    return typed
