"""The page on which people recuse themselves, and those who chair see and make recusals."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries, recused, recusing
from sigforum.ballots.domain import PollState
from sigforum.ballots.forms import parse_number
from sigforum.ballots.policy import check_recuses
from sigforum.kernel.errors import Invalid, NotFound
from sigforum.live.queries import names_people
from sigforum.people import invited_queries
from sigforum.people import queries as people
from sigforum.people.domain import Role, Viewer
from sigforum.people.guards import member
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/sessions/<code>/recusals")
@member
def show_recusals(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """One's own recusals with a form; to those who chair, everybody's."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_recuses(viewer, forum_session.id, person_id=viewer.person_id)
    return _page(viewer, forum_session, typed={"poll": request.args.get("poll", "")}, errors={})


@pages.post("/sessions/<code>/recusals")
@member
def recuse(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Recuse oneself, or as chair somebody else, from the session's votes or from one poll."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    form = request.form
    try:
        made = recusing.recuse(
            viewer, forum_session.id, reason=form.get("reason", ""),
            person_id=_person_id(viewer, form.get("person", "")),
            poll_id=parse_number(form["poll"], name="poll") if form.get("poll") else None)
    except Invalid as refusal:
        check_recuses(viewer, forum_session.id, person_id=viewer.person_id)
        return _page(viewer, forum_session, typed=form, errors=refusal.errors), 422
    flash("You are recused. It is not told to the room; the numbers count you as recused when a round closes."
          if made.person_id == viewer.person_id else "Recused. The person's own pages say so.")
    return redirect(url_for(".show_recusals", slug=meeting.slug, code=code))


@pages.post("/recusals/<int(max=999999999):recusal_id>/take-back")
@member
def take_back(viewer: Viewer, meeting: Any, recusal_id: int) -> ResponseReturnValue:
    """Let somebody, or oneself, vote again."""
    made = recusing.take_back(viewer, recusal_id)
    flash("Taken back. Rounds that closed meanwhile stay as they are.")
    code = agenda.forum_session_by_id(viewer.meeting_id, made.forum_session_id).code
    return redirect(url_for(".show_recusals", slug=meeting.slug, code=code))


def _person_id(viewer: Viewer, typed: str) -> int:
    """Whom the form names by the number of a place in this meeting; oneself where it names nobody, and 0, who is
    nobody, where there is no such place."""
    if not typed:
        return viewer.person_id
    try:
        return people.member(viewer.meeting_id, parse_number(typed, name="person")).person_id
    except NotFound:
        return 0


def _page(viewer: Viewer, forum_session: ForumSession, *, typed: Mapping[str, str],
          errors: Mapping[str, str]) -> str:
    is_chair = viewer.facilitates(forum_session.id)
    found = recused.recusals(forum_session.id) if is_chair else recused.standing(
        forum_session.id, person_id=viewer.person_id)
    polls = queries.polls(forum_session.id, audience=viewer.audience(forum_session.id))
    is_named = names_people(forum_session.id)
    # Where nobody is named, the name of somebody who acted for themselves would stand beside unnamed words.
    named = {one.id: one.person_id for one in found
             if is_named or one.made_by_id != one.person_id or one.person_id == viewer.person_id}
    roster = [one for one in invited_queries.roster(viewer.meeting_id, forum_session.id)
              if one.role is Role.PARTICIPANT]
    return render_template(
        "ballots/recusals.html", forum_session=forum_session, slug=forum_session.meeting.slug, is_chair=is_chair,
        recusals=found, voters=roster if is_chair else [], named=named,
        names=people.names_by_id(set(named.values()), meeting_id=viewer.meeting_id),
        polls=[one for one in polls if one.state != PollState.DECIDED], typed=typed, errors=errors)
