"""The pages before taking part: a session's rules, how it attributes, and the meeting's rules of entry."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.disclosures import entering, queries
from sigforum.disclosures.domain import ATTRIBUTION_WORDS, EntryNeeded
from sigforum.disclosures.forms import parse_entry, parse_notice
from sigforum.disclosures.policy import check_chooses_attribution, check_enters
from sigforum.kernel.errors import Invalid, Outdated, Refusal
from sigforum.kernel.loaded import LOADED, mark
from sigforum.people.domain import Viewer
from sigforum.people.guards import member, organizer
from sigforum.web.pages import Pages

pages = Pages()


@pages.route("/sessions/<code>/enter", methods=["GET", "POST"])
@member
def enter(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """A session's rules on one screen. Whoever only reads goes on without them."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_enters(viewer, forum_session.id)
    page = url_for("threads.show_forum_session", slug=meeting.slug, code=code)
    if request.method == "POST":
        if request.form.get("choice") == "read":
            # Kept in this browser alone: it asks again elsewhere, and nobody learns who only reads.
            cookie["reading"] = [*cookie.get("reading", []), forum_session.id][-100:]
            return redirect(page)
        entering.acknowledge_rules(viewer, forum_session.id, parse_entry(request.form))
        flash("Thank you. You can post and vote in this session.")
        return redirect(page)
    return render_template(
        "disclosures/enter.html", slug=meeting.slug, forum_session=forum_session,
        notice=queries.notice(viewer.meeting_id), attribution=ATTRIBUTION_WORDS[forum_session.attribution],
        entered=queries.acknowledgement(forum_session.id, person_id=viewer.person_id),
        declared=queries.in_force(forum_session).get(viewer.person_id))


def recovery_link(refusal: Refusal) -> tuple[str, str] | None:
    """The link, with its words, for whoever was refused because the rules are not acknowledged."""
    if not isinstance(refusal, EntryNeeded):
        return None
    place = queries.place_of(refusal.place)
    return url_for("disclosures.enter", slug=place.meeting.slug, code=place.code), "Before you take part"


@pages.route("/sessions/<code>/attribution", methods=["GET", "POST"])
@member
def choose_attribution(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """How what is said in a session may be attributed; locked as soon as somebody relies on it."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check_chooses_attribution(viewer, forum_session.id)
    errors, status, loaded = dict[str, str](), 200, ""
    if request.method == "POST":
        try:
            entering.choose_attribution(viewer, forum_session.id, attribution=request.form.get("attribution", ""),
                                        loaded=request.form.get(LOADED, ""))
        except Invalid as refusal:
            errors, status, loaded = refusal.errors, refusal.status, request.form.get(LOADED, "")
        except Outdated as refusal:
            errors, status = {"attribution": refusal.message}, refusal.status
        else:
            flash("Chosen. It is locked from the first response, vote or acknowledgement on.")
            return redirect(url_for(".choose_attribution", slug=meeting.slug, code=code))
    return render_template(
        "disclosures/attribution.html", slug=meeting.slug, forum_session=forum_session, words=ATTRIBUTION_WORDS,
        chosen=request.form.get("attribution") or forum_session.attribution, lock=queries.lock_of(forum_session),
        errors=errors, loaded=loaded or mark(forum_session.attribution)), status


@pages.route("/entry", methods=["GET", "POST"])
@organizer
def set_entry(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Whether people acknowledge the rules before they take part, and the words of the notice."""
    notice, errors, status = queries.notice(viewer.meeting_id), {}, 200
    loaded = request.form.get(LOADED, "")
    typed = {"text": notice.text, "is_on": "1" if queries.is_entry_asked(viewer.meeting_id) else ""}
    if request.method == "POST":
        typed = request.form.to_dict()
        try:
            is_changed = entering.set_entry(viewer, is_on=bool(typed.get("is_on")),
                                            text=parse_notice(typed.get("text", "")), loaded=loaded)
        except Invalid as refusal:
            errors, status = refusal.errors, refusal.status
        except Outdated as refusal:
            errors, status, loaded = {"text": refusal.message}, refusal.status, ""
        else:
            flash("Saved." if is_changed else "Nothing was changed.")
            return redirect(url_for(".set_entry", slug=meeting.slug))
    return render_template("disclosures/entry.html", slug=meeting.slug, typed=typed, errors=errors,
                           notice=queries.notice(viewer.meeting_id),
                           loaded=loaded or entering.entry_mark(viewer.meeting_id)), status
