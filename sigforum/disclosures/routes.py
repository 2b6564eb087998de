"""Declaring interests, and what the chair reads of them."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.disclosures import actions, queries
from sigforum.disclosures.domain import Stance
from sigforum.disclosures.forms import parse_disclosures
from sigforum.disclosures.models import Disclosure
from sigforum.disclosures.policy import check_reads_interests
from sigforum.kernel.errors import Invalid
from sigforum.people import invited_queries
from sigforum.people.domain import Role, Viewer
from sigforum.people.guards import member
from sigforum.web.pages import Pages

pages = Pages()


@pages.route("/interests", methods=["GET", "POST"])
@member
def declare(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """One's own interests: one form for the whole meeting, with what differs in single sessions."""
    sessions = agenda.forum_sessions(viewer.meeting_id)
    typed: Mapping[str, str] = _as_typed(queries.own_newest(viewer.meeting_id, person_id=viewer.person_id))
    errors: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            changed = actions.declare_interests(
                viewer, parse_disclosures(request.form, [one.id for one in sessions]))
        except Invalid as refusal:
            typed, errors = request.form, refusal.errors
        else:
            flash("Saved. Those who chair a session read it; the others are told how many declared something."
                  if changed else "Nothing was changed.")
            return redirect(_back(meeting.slug, sessions))
    return render_template(
        "disclosures/declare.html", slug=meeting.slug, sessions=sessions, typed=typed, errors=errors,
        back=request.values.get("session", ""),
        has_differences=any(typed.get(f"stance-{one.id}") for one in sessions),
        history=queries.history(viewer.meeting_id, person_id=viewer.person_id),
        codes={one.id: one.code for one in sessions}), 422 if errors else 200


@pages.get("/sessions/<code>/interests")
@member
def show_interests(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """What the people of a forum session declared; for those who chair it alone."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_reads_interests(viewer, forum_session.id)
    people = invited_queries.roster(viewer.meeting_id, forum_session.id)
    counts = queries.counts(forum_session)
    listed = sum(one.role == Role.PARTICIPANT and one.has_accepted for one in people)
    return render_template(
        "disclosures/interests.html", slug=meeting.slug, forum_session=forum_session, people=people,
        not_counted=len(people) - listed, gone=counts.people - listed,
        found=queries.told_by_name(forum_session), is_stepped=queries.is_stepped(forum_session),
        counts=counts)


def _back(slug: str, sessions: list[ForumSession]) -> str:
    """To the session that the form was opened from, else to the form again."""
    code = request.form.get("session", "")
    if code in {one.code for one in sessions}:
        return url_for("threads.show_forum_session", slug=slug, code=code)
    return url_for(".declare", slug=slug)


def _as_typed(newest: Mapping[int | None, Disclosure]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for place, one in newest.items():
        suffix = "" if place is None else f"-{place}"
        typed |= {f"stance{suffix}": one.stance, f"financial{suffix}": one.financial,
                  f"advocacy{suffix}": one.advocacy}
    return {name: value for name, value in typed.items() if value and value != Stance.AS_MEETING}
