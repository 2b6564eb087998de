"""Whoever was removed or erased before a session came onto the agenda was never invited to it."""

from datetime import datetime

import pytest
from flask import Flask

from sigforum.agenda import queries as agenda
from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import ForumSession
from sigforum.ballots import actions as ballots
from sigforum.ballots import queries as polls
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.migrating import upgrade
from sigforum.oversight.actions import erase_own_data
from sigforum.oversight.domain import Texts
from sigforum.people.answering import answer_invitation
from sigforum.summaries.assemble import meeting_summary, working_summary
from tests.summaries.panel import Panel
from tests.summaries.test_places_at_upgrade import to_tables_before
from tests.summaries.test_places_that_change import place, put, remove

AGENDA = """sigforum-agenda: 1
title: Cells that stay
days:
- label: DAY 1
  date: 2026-06-16
  slots:
  - number: 1
    title: Making
    sessions:
    - {code: 1A, title: Making cells, central_question: How should cells be made?}
    - {code: 1B, title: Keeping cells, central_question: How should cells be kept?}
    - {code: 1C, title: Moving cells, central_question: How should cells be moved?}
"""


def add_session(panel: Panel) -> None:
    """1C comes onto the agenda."""
    import_agenda(None, agenda.meeting_by_slug(panel.cast.slug), read_agenda(AGENDA.encode()))
    db.session.expire_all()


def later(panel: Panel) -> ForumSession:
    return panel.cast.forum_session("1C")


def counted(panel: Panel) -> tuple[int, int]:
    """Invited and accepted in 1C."""
    db.session.rollback()
    found = working_summary(later(panel)).participation
    return found.invited, found.accepted


@pytest.fixture
def late(panel: Panel) -> Panel:
    """1C is added after p1 was removed, p2 erased, p3 removed and invited again, and p6 removed who had become a
    facilitator; rex was removed long before, and dov declined. Afterwards p5 is removed and somebody new invited."""
    put(panel, place(panel, "p6", "facilitator"))
    remove(panel, "p1", "p3", "p6")
    erase_own_data(panel.cast.person("p2").id, texts=Texts.KEEP)
    put(panel, place(panel, "p3", "participant"))
    answer_invitation(panel.cast.person("dov"), slug=panel.cast.slug, verb="decline")
    add_session(panel)
    remove(panel, "p5")
    put(panel, "New,new@example.org,Industry,participant,")
    return panel


def test_who_was_gone_before_is_not_counted_as_invited(late: Panel) -> None:
    assert working_summary(late.forum_session).participation.invited == 12, "of 1A nobody leaves"
    assert counted(late)[0] == 8, "12 less p1, p2, p6 and rex"


def test_round_counts_the_same_people(late: Panel) -> None:
    chair = late.cast.viewer("ada")
    poll = ballots.create_poll(chair, later(late).id, parse_poll({
        "kind": "rating", "title": "Where to go", "statements": "By road.", "rule": "percent_agreement"}))
    ballots.move_poll(chair, poll.id, verb="open")
    assert polls.result(poll, poll.rounds[-1]).headcount.invited == counted(late)[0] == 8


def test_who_chaired_before_did_not_run_it(late: Panel) -> None:
    found = working_summary(late.forum_session).method
    assert found is not None
    assert found.facilitator_names == ("Finn Facilitator", "Pia Lovelock")
    found = working_summary(later(late)).method
    assert found is not None
    assert found.facilitators == 0


def test_whole_meeting_still_counts_everybody(late: Panel) -> None:
    found = meeting_summary(agenda.meeting_by_slug(late.cast.slug)).synthesis
    assert found is not None
    assert found.presence.invited == 12


@pytest.mark.both_databases
def test_upgrade_reads_from_log_and_questions_when_a_session_came(late: Panel, app: Flask) -> None:
    before, since = counted(late), later(late).created_at
    to_tables_before("0024")
    upgrade()
    found = later(late).created_at
    assert isinstance(found, datetime)
    assert isinstance(since, datetime)
    assert abs((found - since).total_seconds()) < 1
    assert counted(late) == before
