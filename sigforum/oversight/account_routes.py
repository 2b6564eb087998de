"""One's own data: a copy of all of it, and its erasure."""

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from sigforum.kernel.errors import Invalid
from sigforum.oversight import actions
from sigforum.oversight.forms import parse_erasure
from sigforum.oversight.own_data import archive
from sigforum.people.guards import signed_in
from sigforum.people.models import Person
from sigforum.web.errors import wants_json
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/account/data.zip")
@signed_in
def download_data(person: Person) -> ResponseReturnValue:
    """Everything stored about oneself, in all meetings."""
    return Response(archive(person), content_type="application/zip", headers={
        "Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"})


@pages.route("/account/erase", methods=["GET", "POST"])
@signed_in
def erase_data(person: Person) -> ResponseReturnValue:
    """Erase one's own data everywhere, after a page that says what goes and what stays."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            actions.erase_own_data(person.id, texts=parse_erasure(request.form))
        except Invalid as refusal:
            if wants_json():
                raise
            errors = refusal.errors
        else:
            logout_user()
            session.clear()
            flash("Your data was erased, and you are signed out. Thank you for having taken part.")
            return redirect(url_for("people.ask_sign_in"))
    return render_template("oversight/erase_own.html", errors=errors), 422 if errors else 200
