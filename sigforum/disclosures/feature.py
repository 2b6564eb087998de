"""Rules of entry and disclosures of interests as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import meeting_created
from sigforum.disclosures import entering, entry_routes, routes, showing
from sigforum.live.gateway import show_events
from sigforum.web.hooks import recovery_link


def install(app: Flask) -> None:
    """Add the feature to an application."""
    for pages in (routes.pages, entry_routes.pages):
        pages.add_to(app, "disclosures", under="/meetings/<slug>")
    show_events("attribution_chosen", by=showing.show_attribution)
    meeting_created.register(entering.ask_in_new_meetings)
    recovery_link.register(entry_routes.recovery_link)
