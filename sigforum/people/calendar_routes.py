"""The page of a meeting's hours, and the cards for its door."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sigforum.kernel.errors import Conflict, Invalid, Outdated
from sigforum.kernel.loaded import LOADED
from sigforum.people import queries
from sigforum.people.domain import GONE, Viewer
from sigforum.people.door_sheet import cards_that_end, has_card, print_cards, printed_for_other_days, shown_between
from sigforum.people.guards import organizer
from sigforum.people.hours import hours_mark, meeting_calendar, save_hours, time_zones
from sigforum.people.outbox import chosen_ids
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/meetings/<slug>/people/hours")
@organizer
def show_hours(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Time zone and hours, for calendars."""
    calendar = meeting_calendar(viewer.meeting_id)
    typed = {"time_zone": calendar.time_zone}
    for key, (begins, ends) in calendar.hours.items():
        typed |= {f"starts-{key}": begins, f"ends-{key}": ends}
    return _hours_page(meeting, typed, {})


@pages.post("/meetings/<slug>/people/hours")
@organizer
def change_hours(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Keep them; calendars hear of them with the next mail."""
    try:
        save_hours(viewer, meeting, request.form)
    except Invalid as refusal:
        return _hours_page(meeting, request.form, refusal.errors, loaded=request.form.get(LOADED, "")), refusal.status
    except Outdated as refusal:
        return _hours_page(meeting, request.form, {"time_zone": refusal.message}), refusal.status
    flash("The hours are kept. Calendars hear of them with the next invitation or news of a change.")
    return redirect(url_for("inviting.show_hours", slug=meeting.slug))


def _hours_page(meeting: Any, typed: Mapping[str, str], errors: Mapping[str, str], *, loaded: str = "") -> str:
    """`loaded` is the mark that the form came with, where it goes on being filled in."""
    return render_template("people/hours.html", meeting=meeting, typed=typed, errors=errors, zones=time_zones(),
                           loaded=loaded or hours_mark(meeting))


@pages.get("/meetings/<slug>/people/cards")
@organizer
def show_cards(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """Whom to print a card for, and when it will work."""
    try:
        between, problem, outdated = shown_between(meeting), "", printed_for_other_days(viewer, meeting)
    except Conflict as refusal:
        between, problem, outdated = None, refusal.message, []
    members = [found for found in queries.members(viewer.meeting_id) if found.status not in GONE]
    return render_template("people/cards.html", meeting=meeting, members=[one for one in members if has_card(one)],
                           without=[one for one in members if not has_card(one)], between=between, problem=problem,
                           outdated=outdated, has_zone=bool(meeting_calendar(viewer.meeting_id).time_zone))


@pages.post("/meetings/<slug>/people/cards")
@organizer
def make_cards(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """The sheet itself: it is shown once, since only hashes of its links are kept."""
    wanted = None if request.form.get("whom") == "all" else chosen_ids(request.form.getlist("chosen"))
    ending, newest = cards_that_end(viewer, wanted)
    # What was asked about is named by its number: the sheet, loaded again, sends the form again, and is asked anew.
    if ending and request.form.get("ends") != str(newest):
        return render_template("people/cards_again.html", meeting=meeting, ending=ending, newest=newest,
                               whom=request.form.get("whom", ""), chosen=sorted(wanted or ()))
    cards = print_cards(viewer, meeting, membership_ids=wanted)
    return render_template("people/card_sheet.html", meeting=meeting, cards=cards, between=shown_between(meeting))
