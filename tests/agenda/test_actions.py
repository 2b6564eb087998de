"""Making and changing meetings in the database."""

import pytest

from sigforum.agenda import plans, queries
from sigforum.agenda.importing.reading import read_agenda
from tests.casting import AGENDA, Cast


@pytest.mark.both_databases
def test_stored_agenda_equals_what_was_imported(cast: Cast) -> None:
    assert plans.stored_plan(queries.meeting_by_slug(cast.slug)) == read_agenda(AGENDA.encode())
