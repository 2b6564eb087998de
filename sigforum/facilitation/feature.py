"""The console and the projector as a part of the application."""

from flask import Flask

from sigforum.agenda.hooks import agenda_imported
from sigforum.ballots.hooks import poll_moved
from sigforum.facilitation import actions, preparing, routes, sockets
from sigforum.live.gateway import show_events
from sigforum.live.ticker import add_tallies
from sigforum.threads.hooks import forum_tools


def install(app: Flask) -> None:
    """Add the feature to an application."""
    routes.pages.add_to(app, "facilitation")
    add_tallies(sockets.RoomTallies())
    show_events("poll_changed", by=sockets.show_poll_on_console)
    show_events("stage_changed", "forum_session_moved", by=sockets.show_stage_on_console)
    show_events("forum_session_moved", by=sockets.show_what_can_open)
    show_events("response_posted", "response_changed", by=sockets.show_coverage)
    show_events("poll_changed", "stage_changed", "response_posted", "response_changed", by=sockets.show_on_wall,
                on_wall=True)
    agenda_imported.register(preparing.prepare_stages)
    poll_moved.register(actions.follow_poll)
    forum_tools.register(routes.forum_tools)
