"""The invitation's page without signing in: declining, and having looked; and answering as somebody signed in."""

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sigforum.kernel.errors import Refusal
from sigforum.people import queries
from sigforum.people.answering import answer_invitation, decline_by_link, note_opened
from sigforum.people.domain import MembershipStatus
from sigforum.people.guards import public, signed_in
from sigforum.people.models import Person, SignInLink
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()


def answer_panel(link: SignInLink, token: str) -> str:
    """What the page behind a link says beside its button: which meeting it is for, and how to decline."""
    place = queries.place_of_link(link)
    if place is None or place.status not in (MembershipStatus.INVITED, MembershipStatus.DECLINED):
        return ""
    return render_template("people/_answer.html", place=place, token=token)


@pages.post("/sign-in/<token>/decline")
@public
def decline(token: str) -> ResponseReturnValue:
    """Say no, without an account and without signing in."""
    try:
        membership = decline_by_link(token)
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        return render_template("people/link_over.html", is_known=queries.known_link(token) is not None,
                               starts_at=None), 410
    return render_template("people/declined.html", membership=membership, token=token)


@pages.post("/sign-in/<token>/opened")
@public
def opened(token: str) -> ResponseReturnValue:
    """Sent by the page's script when somebody moves about on it. Loading the page tells us nothing."""
    note_opened(token)
    if wants_json():
        return jsonify(ok=True)
    return redirect(url_for("people.open_link", token=token))


@pages.post("/meetings/<slug>/invitation/<any(accept, decline):verb>")
@signed_in
def answer(person: Person, slug: str, verb: str) -> ResponseReturnValue:
    """Answer an invitation on the page of one's meetings."""
    membership = answer_invitation(person, slug=slug, verb=verb)
    if verb == "accept":
        return redirect(url_for("agenda.show_meeting", slug=membership.meeting.slug))
    flash(f"You have declined the invitation to {membership.meeting.title}.")
    return redirect(url_for("agenda.show_home"))
