"""Signing in and out, one's own browsers, and the organizers' list of people."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from sigforum.extensions import limiter
from sigforum.kernel.errors import Invalid, Refusal
from sigforum.people import actions, queries
from sigforum.people.domain import Viewer, is_email, normal_email
from sigforum.people.forms import COLUMNS, decode_upload, parse_invitations
from sigforum.people.guards import SignedIn, organizer, public, signed_in
from sigforum.people.models import Person

blueprint = Blueprint("people", __name__)


def _person_and_address() -> str:
    """What is limited is one address's tries for one person: a whole venue shares one network address."""
    return f"{request.remote_addr} {normal_email(request.form.get('email', ''))}"


def _address() -> str:
    """Nobody's mailbox is filled, from however many places it is tried."""
    return f"mailbox {normal_email(request.form.get('email', ''))}"


@blueprint.get("/sign-in")
@public
def ask_sign_in() -> ResponseReturnValue:
    """The form for people who have no link at hand."""
    return render_template("people/ask_sign_in.html", email="", error="")


@blueprint.post("/sign-in")
@public
@limiter.limit("5 per minute", key_func=_person_and_address)
@limiter.limit("300 per minute")
@limiter.limit("40 per day", key_func=_address)
def send_sign_in() -> ResponseReturnValue:
    """Mail a link. Known and unknown addresses get the same answer."""
    email = request.form.get("email", "").strip()
    if not is_email(email):
        return render_template(
            "people/ask_sign_in.html", email=email,
            error="Write your whole address, for example ada@example.org."), 422
    actions.request_sign_in(email)
    return render_template("people/check_mail.html", email=email)


@blueprint.get("/sign-in/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """The page behind a mailed link. It changes nothing: mail scanners open links too."""
    link = queries.usable_link(token)
    if link is None:
        return render_template("people/link_over.html", is_known=queries.known_link(token) is not None), 410
    return render_template("people/continue.html", link=link, token=token)


@blueprint.post("/sign-in/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """The button: sign this browser in."""
    try:
        row, secret, link = actions.sign_in(token, browser=request.user_agent.string)
    except Refusal:
        return render_template("people/link_over.html", is_known=queries.known_link(token) is not None), 410
    # Where the person was going before signing in, such as by the code on the wall: a path of our own making.
    wanted = session.get("wanted")
    # A fresh cookie: nothing an earlier visitor of this browser left may live on in it.
    session.clear()
    session.permanent = True
    login_user(SignedIn(row, secret))
    return redirect(wanted or url_for("agenda.show_home", meeting=link.meeting_id))


@blueprint.post("/sign-out")
@signed_in
def sign_out(person: Person) -> ResponseReturnValue:
    """Sign this browser out."""
    actions.sign_out(person.id, sign_in_id=current_user.sign_in_id)
    logout_user()
    session.clear()
    return redirect(url_for("people.ask_sign_in"))


@blueprint.get("/account")
@signed_in
def show_account(person: Person) -> ResponseReturnValue:
    """Who one is here, and in which browsers one is signed in."""
    return render_template("people/account.html", person=person, sign_ins=queries.sign_ins(person.id),
                           this_id=current_user.sign_in_id)


@blueprint.post("/account/sign-outs")
@signed_in
def end_sign_ins(person: Person) -> ResponseReturnValue:
    """Sign one of one's other browsers out, or all of them."""
    chosen = request.form.get("sign_in_id", "")
    # Only an empty field means all of them; what makes no sense must not sign everything out.
    if chosen and not (chosen.isdecimal() and len(chosen) < 10):
        raise Invalid({"sign_in_id": "There is no such browser. Reload the page."})
    actions.sign_out(person.id, sign_in_id=int(chosen) if chosen else None)
    flash("Signed out." if chosen else "Signed out everywhere.")
    return redirect(url_for("people.show_account"))


@blueprint.get("/meetings/<slug>/people")
@organizer
def show_people(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Everybody invited, and how far each invitation has come."""
    return render_template("people/people.html", members=queries.members(viewer.meeting_id),
                           mails=queries.mail_states(viewer.meeting_id), codes=_codes_by_id(meeting))


@blueprint.get("/meetings/<slug>/people/invite")
@organizer
def show_invite(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The form for a list of people."""
    return render_template("people/invite.html", text="", invitations=None, errors={}, columns=COLUMNS)


@blueprint.post("/meetings/<slug>/people/invite")
@organizer
def invite(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Preview a list row by row; store it only when asked to, and only when no row is wrong."""
    text = request.form.get("text", "")
    codes = {code: identifier for identifier, code in _codes_by_id(meeting).items()}
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            text = decode_upload(upload.read())
        invitations = parse_invitations(text, codes=codes)
        if request.form.get("step") == "send":
            invited = actions.invite_people(viewer, invitations.people)
            flash(f"{len(invited)} {'person' if len(invited) == 1 else 'people'} invited. Mails are on their way.")
            return redirect(url_for("people.show_people", slug=meeting.slug))
    except Invalid as refusal:
        return render_template("people/invite.html", text=text, invitations=None, errors=refusal.errors,
                               columns=COLUMNS), 422
    known = {found.person.email for found in queries.members(viewer.meeting_id)}
    return render_template("people/invite.html", text=text, invitations=invitations, errors={},
                           columns=COLUMNS, known=known), 422 if invitations.wrong_rows else 200


@blueprint.post("/meetings/<slug>/people/<int:membership_id>/resend")
@organizer
def resend(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """Mail the invitation again."""
    membership = actions.resend_invitation(viewer, membership_id)
    flash(f"The invitation to {membership.person.name} is on its way again.")
    return redirect(url_for("people.show_people", slug=meeting.slug))


@blueprint.post("/meetings/<slug>/people/<int:membership_id>/revoke")
@organizer
def revoke(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """Take somebody's place in the meeting away."""
    membership = actions.revoke_membership(viewer, membership_id)
    flash(f"{membership.person.name} is no longer part of this meeting.")
    return redirect(url_for("people.show_people", slug=meeting.slug))


def _codes_by_id(meeting: Any) -> dict[int, str]:
    return {forum_session.id: forum_session.code for forum_session in meeting.forum_sessions}
