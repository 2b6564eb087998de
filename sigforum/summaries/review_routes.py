"""The participants' side of a summary: reviewing line by line, minority positions, signing."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.agenda.models import ForumSession
from sigforum.disclosures import queries as disclosures
from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.kernel.text import paragraphs
from sigforum.live import queries as live
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.summaries import queries, reviewing, showing
from sigforum.summaries.domain import Listing, Stance
from sigforum.summaries.edge import done, form_again, form_page
from sigforum.summaries.forms import NewReview, parse_minority, parse_number, parse_review, parse_shown, parse_sign_off
from sigforum.summaries.models import SignOff
from sigforum.summaries.policy import check, may, may_read_lines
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()

REVIEW = ".review_summary"


@pages.get("/sessions/<code>/summary/review")
@member
def review_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Every line with one's own stance, and the signature below."""
    return _page(viewer, agenda.forum_session(viewer.meeting_id, code))


def _page(viewer: Viewer, forum_session: ForumSession, *, typed: Mapping[str, str] | None = None,
          errors: Mapping[str, str] | None = None) -> str:
    number = live.last_number(viewer.meeting_id)
    check("review", viewer, forum_session.id)
    found = showing.desk(forum_session)
    if found is None or not may_read_lines(is_chair=False, state=found.summary.state):
        raise NotFound("The facilitator has not asked for a review of this summary yet.")
    stances = showing.own_stances(found, viewer.person_id)
    sign_off = queries.sign_off(found.summary.id, viewer.person_id)
    return render_template(
        "summaries/review.html", forum_session=forum_session, slug=forum_session.meeting.slug, desk=found,
        number=number, headings=showing.HEADINGS, reviewed=len(stances),
        cards={line.key: showing.card_html(found, line, person_id=viewer.person_id) for line in found.lines},
        whole=showing.positions_html(found, None), sign_off=sign_off,
        state=showing.state_html(forum_session, found.summary, audience=viewer.audience(forum_session.id)),
        typed=typed or _signature(viewer, forum_session, sign_off), errors=errors or {})


def _signature(viewer: Viewer, forum_session: ForumSession, sign_off: SignOff | None) -> dict[str, str]:
    """What the signature's fields hold before anything is typed: one's answer, or what one agreed to on entry."""
    if sign_off is not None:
        return {"listing": sign_off.listing, "reservations": sign_off.reservations,
                "may_be_quoted": "1" if sign_off.may_be_quoted else ""}
    consent = disclosures.acknowledgement(forum_session.id, person_id=viewer.person_id)
    return {"listing": Listing.LISTED if consent and consent.may_be_listed else "", "reservations": "",
            "may_be_quoted": "1" if consent and consent.may_be_quoted else ""}


def _approved(viewer: Viewer, forum_session: ForumSession, approve: Callable[[], str],
              **where: Any) -> ResponseReturnValue:
    """Approve, and go back to the review. Without scripts the signature's fields come along; what is not saved of them
    stays as it was typed."""
    is_unsaved = _is_unsaved(viewer, forum_session)
    try:
        words, status = approve(), 200
    except Conflict as refusal:
        if not is_unsaved:
            raise
        words, status = refusal.message, refusal.status
    if not is_unsaved:
        return done(viewer, forum_session, words, page=REVIEW, **where)
    flash(words)
    return _page(viewer, forum_session, typed=request.form, errors={
        "listing": "What you filled in here is not saved yet; the button below saves it."}), status


def _is_unsaved(viewer: Viewer, forum_session: ForumSession) -> bool:
    summary = queries.summary_of(forum_session.id)
    if wants_json() or summary is None or "reservations" not in request.form:
        return False
    saved = _signature(viewer, forum_session, queries.sign_off(summary.id, viewer.person_id))
    return saved != {name: paragraphs(request.form.get(name, "")) for name in saved}


@pages.post("/lines/<int(max=999999999):line_id>/approve/<int(max=999999999):wording>")
@member
def approve_line(viewer: Viewer, meeting: Any, line_id: int, wording: int) -> ResponseReturnValue:
    """Approve a line in the words that were read."""
    def approve() -> str:
        reviewing.review_line(viewer, line_id, NewReview(wording=wording, stance=Stance.APPROVE, text=""))
        return "Approved."
    return _approved(viewer, queries.line(viewer.meeting_id, line_id).summary.forum_session, approve, line_id=line_id,
                     anchor=f"review-l{line_id}")


@pages.route("/lines/<int(max=999999999):line_id>/review", methods=["GET", "POST"])
@member
def review_line(viewer: Viewer, meeting: Any, line_id: int) -> ResponseReturnValue:
    """Comment on a line, or dissent from it in one's own words."""
    line = queries.line(viewer.meeting_id, line_id)
    forum_session = line.summary.forum_session
    check("review", viewer, forum_session.id)
    if not may_read_lines(is_chair=False, state=line.summary.state) or line.retired_at is not None:
        raise NotFound("There is no such line in review.")
    if request.method != "POST":
        return form_page("summaries/review_form.html", forum_session, line=line, errors={},
                         typed={"stance": request.args.get("stance", ""), "text": _said(viewer, line_id)})
    try:
        new = parse_review(request.form)
        reviewing.review_line(viewer, line_id, new)
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/review_form.html", refusal, forum_session, line=line)
    words = "Your dissent is noted as a minority position." if new.stance is Stance.DISSENT else "Noted."
    return done(viewer, forum_session, words, page=REVIEW, line_id=line_id, anchor=f"review-l{line_id}")


def _said(viewer: Viewer, line_id: int) -> str:
    """One's own words about a line, to be changed."""
    line = queries.line(viewer.meeting_id, line_id)
    own = reviewing.own_position(line, viewer.person_id)
    return own.text if own else next((one.text for one in line.reviews if one.person_id == viewer.person_id), "")


@pages.post("/sessions/<code>/summary/approve-rest")
@member
def approve_rest(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Approve all lines one has said nothing of, in the text that was read."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    revision = parse_number(request.form.get("revision", ""), name="revision")

    def approve() -> str:
        count = reviewing.approve_rest(viewer, forum_session.id, revision=revision)
        return f"{count} more {'line' if count == 1 else 'lines'} approved."
    return _approved(viewer, forum_session, approve, anchor="sign")


@pages.route("/sessions/<code>/summary/minority", methods=["GET", "POST"])
@member
def write_position(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Hold something against the summary as a whole."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("review", viewer, forum_session.id)
    if request.method != "POST":
        return form_page("summaries/minority_form.html", forum_session, position=None, typed={}, errors={})
    try:
        reviewing.write_position(viewer, forum_session.id, text=parse_minority(request.form),
                                 shown=parse_shown(request.form))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/minority_form.html", refusal, forum_session, position=None)
    return done(viewer, forum_session, "Your minority position is written.", page=REVIEW, anchor="whole")


@pages.route("/minority/<int(max=999999999):position_id>", methods=["GET", "POST"])
@member
def show_position(viewer: Viewer, meeting: Any, position_id: int) -> ResponseReturnValue:
    """A minority position: to hold it too, to leave it, or, for its author, to change its words."""
    position = queries.minority_position(viewer.meeting_id, position_id)
    forum_session = position.summary.forum_session
    if not may_read_lines(is_chair=viewer.facilitates(forum_session.id), state=position.summary.state):
        raise NotFound("There is no such minority position.")
    page = {"position": position, "is_panel": may("review", viewer, forum_session.id),
            "is_holder": position.is_held_by(viewer.person_id),
            "may_reword": position.written_by_id == viewer.person_id and position.is_held_by(viewer.person_id)
            and not position.is_held_by_others(viewer.person_id)}
    if request.method != "POST":
        return form_page("summaries/position.html", forum_session, typed={"text": position.text}, errors={}, **page)
    try:
        reviewing.reword_position(viewer, position_id, text=parse_minority(request.form),
                                  shown=parse_shown(request.form))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/position.html", refusal, forum_session, **page)
    return _held(viewer, position, "Changed.")


@pages.post("/minority/<int(max=999999999):position_id>/<any(hold, leave):verb>")
@member
def hold_position(viewer: Viewer, meeting: Any, position_id: int, verb: str) -> ResponseReturnValue:
    """Hold a minority position, or hold it no longer."""
    if verb == "hold":
        return _held(viewer, reviewing.hold_position(viewer, position_id, read=request.form.get("words", ""),
                                                     shown=parse_shown(request.form)),
                     "You hold this position too.")
    return _held(viewer, reviewing.leave_position(viewer, position_id), "You hold this position no longer.")


def _held(viewer: Viewer, position: Any, words: str) -> ResponseReturnValue:
    return done(viewer, position.summary.forum_session, words, page=REVIEW, line_id=position.line_id or 0,
                anchor=f"review-l{position.line_id}" if position.line_id else "whole")


@pages.post("/sessions/<code>/summary/sign")
@member
def sign_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Say whether one is listed, and whether one may be quoted."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    try:
        reviewing.sign(viewer, forum_session.id, parse_sign_off(request.form))
    except (Invalid, Conflict) as refusal:
        if wants_json():
            raise
        errors = refusal.errors if isinstance(refusal, Invalid) else {"listing": refusal.message}
        return _page(viewer, forum_session, typed=request.form, errors=errors), refusal.status
    flash("Your answer is saved. You can change it while the review lasts.")
    return redirect(url_for(REVIEW, slug=meeting.slug, code=code, _anchor="sign"))
