"""The page of one's choices about mail, and the link that stops a mail without signing in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.digests import actions, queries
from sigforum.digests.domain import Pace
from sigforum.digests.forms import parse_hour, parse_pace
from sigforum.digests.models import DigestChoice
from sigforum.extensions import csrf
from sigforum.people.domain import Viewer
from sigforum.people.guards import organizer, own_member, public, signed_in
from sigforum.people.models import Person
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/account/mail")
@signed_in
def show_choices(person: Person) -> ResponseReturnValue:
    """How often one gets mail about each of one's meetings."""
    return render_template("digests/choices.html", choices=queries.shown_choices(person.id), person=person)


@pages.post("/meetings/<slug>/mail")
@own_member
def choose_pace(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Choose it for one meeting."""
    actions.choose_pace(viewer, parse_pace(request.form))
    flash(f"Saved for {meeting.title}.")
    return redirect(url_for(".show_choices") + f"#{meeting.slug}")


@pages.post("/meetings/<slug>/mail/hour")
@organizer
def set_hour(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Choose when everybody's daily mails go out."""
    actions.set_hour(viewer, parse_hour(request.form))
    flash(f"Saved for everybody in {meeting.title}.")
    return redirect(url_for(".show_choices") + f"#{meeting.slug}")


@pages.get("/unsubscribe/<token>")
@public
def ask_stop(token: str) -> ResponseReturnValue:
    """The page behind a mail's link. It changes nothing: mail scanners open links too."""
    return _page(actions.choice_of_token(token), token)


@pages.post("/unsubscribe/<token>")
@csrf.exempt
@public
def stop(token: str) -> ResponseReturnValue:
    """The button, or a mail program by itself (RFC 8058), which has neither cookie nor form: the token is the right."""
    return _page(actions.stop_by_link(token), token)


@pages.post("/unsubscribe/<token>/undo")
@csrf.exempt
@public
def undo(token: str) -> ResponseReturnValue:
    """Take it back with the same link."""
    return _page(actions.undo_by_link(token), token)


def _page(choice: DigestChoice | None, token: str) -> ResponseReturnValue:
    """Where things stand; the same words and status for every token that is none."""
    if choice is None:
        return render_template("digests/no_such_link.html"), 404
    return render_template("digests/stop.html", meeting=choice.membership.meeting, token=token,
                           is_stopped=choice.pace == Pace.NEVER, may_undo=choice.pace_before is not None,
                           pace=choice.pace)
