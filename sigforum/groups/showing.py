"""What is told of groups on a round's record."""

from flask import render_template

from sigforum.ballots.models import Poll, Round
from sigforum.groups.queries import groups_of
from sigforum.people.domain import Audience


def show_groups(poll: Poll, asked: Round, audience: Audience) -> str:
    """The tables and the map of a revealed round, empty where nothing is told of groups."""
    told = groups_of(poll, asked, audience)
    return render_template("groups/_round.html", told=told, tag=f"{poll.id}-{asked.number}") if told else ""
