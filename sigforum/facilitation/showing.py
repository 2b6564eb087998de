"""The pieces of the console and of the projector as HTML: the one place where pages and pushes get theirs from."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import current_app, render_template
from markupsafe import Markup

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots.domain import PollState
from sigforum.ballots.models import Poll
from sigforum.ballots.registry import kind_named
from sigforum.ballots.showing import ShownPoll, ShownRound, shown_poll, shown_round
from sigforum.facilitation import queries
from sigforum.facilitation.domain import seen_mark
from sigforum.facilitation.models import Stage
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Audience

CHAIR, WALL = Onlooker(audience=Audience.CHAIR), Onlooker(audience=Audience.PROJECTOR)
# How many priorities are read from the back row.
MOST_PRIORITIES = 5


def queue_html(forum_session: ForumSession, *, stage: Stage, focus_id: int | None = None) -> str:
    """The polls by what is to be done with them. A push knows no focus; the page's script marks it."""
    return render_template(
        "facilitation/_queue.html", forum_session=forum_session, slug=forum_session.meeting.slug, stage=stage,
        groups=queries.queue(forum_session.id), focus_id=focus_id, kind_named=kind_named)


def desk_html(poll: Poll) -> str:
    """A poll to work on."""
    return render_template("facilitation/_desk.html", **_on_desk(poll))


def desk_live_html(poll: Poll) -> str:
    """The part of it that moves with every vote: how many, who is missing, and whether the opening can be undone."""
    return render_template("facilitation/_desk_live.html", **_on_desk(poll))


def _on_desk(poll: Poll) -> dict[str, Any]:
    return {"shown": shown_poll(poll, CHAIR),
            "seen": seen_mark(state=poll.state, rounds=len(poll.rounds), terms=poll.terms.mark)}


def stage_html(forum_session: ForumSession, *, stage: Stage) -> str:
    """What is on the projector, the short code, who leads, and who else could."""
    return render_template(
        "facilitation/_stage.html", forum_session=forum_session, slug=forum_session.meeting.slug, stage=stage,
        on_wall=_on_wall(stage), lead_name=queries.lead_name(stage),
        lead_mark=stage.lead.mark if stage.lead is not None else "",
        others=[found for found in queries.facilitators(forum_session) if found.person_id != stage.lead_id])


def coverage_html(forum_session: ForumSession) -> str:
    """How far each question has come."""
    return render_template(
        "facilitation/_coverage.html", forum_session=forum_session, slug=forum_session.meeting.slug,
        covered=queries.coverage(forum_session))


def log_html(forum_session: ForumSession) -> str:
    """The last things that facilitators did."""
    return render_template("facilitation/_log.html", forum_session=forum_session, entries=queries.log(forum_session))


def wall_html(stage: Stage) -> str:
    """All that the projector shows: the discussion, or a poll as far as everybody may see it."""
    forum_session, poll = stage.forum_session, _on_wall(stage)
    given: dict[str, Any] = {"forum_session": forum_session, "join": join_card(stage)}
    if poll is None:
        standing = next((one for one in ballots.polls(forum_session.id, audience=Audience.PROJECTOR)
                         if one.is_standing), None)
        return render_template("facilitation/_wall_discussion.html", **given,
                               shown=shown_poll(standing, WALL) if standing else None, most=MOST_PRIORITIES)
    return render_template("facilitation/_wall_poll.html", **given, **_on_paper(poll))


def wall_live_html(poll: Poll) -> str:
    """The part of a poll on the projector that moves with every vote."""
    return render_template("facilitation/_wall_live.html", **_on_paper(poll))


def wall_result_html(poll: Poll) -> str:
    """The result that grows while people vote, where the poll says that everybody sees it so; nothing elsewhere."""
    given = _on_paper(poll)
    return render_template("facilitation/_wall_result.html", **given) if given["shown"].result else ""


def wall_priorities_html(poll: Poll) -> str:
    """The session's first priorities, as they stand."""
    return render_template("facilitation/_wall_priorities.html", shown=shown_poll(poll, WALL), most=MOST_PRIORITIES)


def _on_wall(stage: Stage) -> Poll | None:
    """The poll on the projector, unless its opening was taken back."""
    poll = stage.poll
    return poll if poll is not None and ballots.seen(poll, audience=Audience.PROJECTOR).poll else None


def _on_paper(poll: Poll) -> dict[str, Any]:
    shown = shown_poll(poll, WALL)
    return {"shown": shown, "before": _round_before(poll, shown)}


def _round_before(poll: Poll, shown: ShownPoll) -> ShownRound | None:
    """The earlier round, to stand beside the newest one once that is shown."""
    is_told = poll.state in (PollState.REVEALED, PollState.DECIDED)
    if shown.result is None or not is_told or len(poll.rounds) < 2 or poll.is_standing:
        return None
    return shown_round(poll, poll.rounds[-2], audience=Audience.PROJECTOR)


class JoinCard:
    """The way from the wall to a phone: an address, a code to type, and both as a picture."""

    def __init__(self, code: str, base_url: str) -> None:
        self.code = code
        self.address = urlsplit(base_url).netloc + "/j"
        self.picture = qr_picture(f"{base_url}/j/{code}")


def join_card(stage: Stage) -> JoinCard:
    """The short code of a forum session, ready for the wall."""
    return JoinCard(stage.join_code, current_app.config["SETTINGS"].base_url)


@lru_cache(maxsize=256)
def qr_picture(address: str) -> Markup:
    """A QR code as SVG without style attributes, which the security policy would refuse."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None))
