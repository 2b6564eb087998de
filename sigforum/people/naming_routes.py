"""Correcting names, affiliations and addresses: an organizer for the meeting, people for themselves."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.kernel.errors import Conflict, Invalid, Outdated
from sigforum.kernel.loaded import LOADED
from sigforum.people import naming, queries
from sigforum.people.address_tokens import OVER, confirmed_address
from sigforum.people.domain import Viewer
from sigforum.people.guards import organizer, signed_in
from sigforum.people.limits import NEW_ADDRESSES, count_try
from sigforum.people.models import Person
from sigforum.web.pages import Pages

pages = Pages()



@pages.route("/meetings/<slug>/people/<int:membership_id>/name", methods=["GET", "POST"])
@organizer
def correct_member(viewer: Viewer, meeting: Any, membership_id: int) -> ResponseReturnValue:
    """How this meeting shows somebody."""
    membership, errors, status, loaded = queries.member(viewer.meeting_id, membership_id), {}, 200, ""
    if request.method == "POST":
        try:
            membership = naming.correct_member(viewer, membership_id, request.form)
        except Invalid as refusal:
            errors, status, loaded = refusal.errors, refusal.status, request.form.get(LOADED, "")
        except Outdated as refusal:
            errors, status = {"name": refusal.message}, refusal.status
        else:
            flash(f"This meeting shows {membership.shown_name} now. What was published keeps the name it has.")
            return redirect(url_for("people.show_people", slug=meeting.slug))
    typed = request.form if errors else {
        "name": membership.shown_name, "affiliation": membership.shown_affiliation}
    return render_template("people/correct.html", member=membership, slug=meeting.slug, typed=typed, errors=errors,
                           loaded=loaded or naming.name_mark(membership)), status


@pages.route("/account/name", methods=["GET", "POST"])
@signed_in
def correct_own(person: Person) -> ResponseReturnValue:
    """One's own name and affiliation."""
    errors = {}
    if request.method == "POST":
        try:
            naming.correct_own(person.id, request.form)
        except Invalid as refusal:
            errors = refusal.errors
        else:
            flash("Your meetings show this name now. What was published keeps the name it has.")
            return redirect(url_for("people.show_account"))
    typed = request.form if errors else {
        "name": person.name if person.has_own_name else "", "affiliation": person.own_affiliation}
    return render_template("people/correct.html", member=None, typed=typed, errors=errors,
                           loaded=""), 422 if errors else 200


@pages.route("/account/address", methods=["GET", "POST"])
@signed_in
def ask_for_address(person: Person) -> ResponseReturnValue:
    """Where a new address is typed; a mail to it has the link that confirms it."""
    error = ""
    if request.method == "POST":
        try:
            count_try(NEW_ADDRESSES, "address", str(person.id))
            naming.ask_for_address(person.id, request.form.get("email", ""))
        except Invalid as refusal:
            error = refusal.errors["email"]
        else:
            flash("A mail is on its way to the new address. Its link makes the change.")
            return redirect(url_for("people.show_account"))
    return render_template("people/new_address.html", person=person, email=request.form.get("email", ""), error=error,
                           token=None, address=None), 422 if error else 200


@pages.get("/account/address/<token>")
@signed_in
def show_address(person: Person, token: str) -> ResponseReturnValue:
    """The page behind the link in that mail. It changes nothing: mail scanners open links too."""
    address = confirmed_address(person, token)
    if address is None:
        raise Conflict(OVER)
    return render_template("people/new_address.html", person=person, email="", error="", token=token, address=address)


@pages.post("/account/address/<token>")
@signed_in
def confirm_address(person: Person, token: str) -> ResponseReturnValue:
    """The button."""
    naming.confirm_address(person.id, token)
    flash("Your address is changed. Mails go to the new one from now on.")
    return redirect(url_for("people.show_account"))
