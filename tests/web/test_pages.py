"""Every page answers for those it is for."""

import pytest

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.casting import Cast


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """The cast, with something said and asked in 1A."""
    question = cast.forum_session().asked[0]
    first = post_response(cast.viewer("ben"), NewResponse(
        question_id=question.id, parent_id=None, key="first-response", text="In **closed** systems."))
    post_response(cast.viewer("cyn"), NewResponse(
        question_id=question.id, parent_id=first.id, key="first-reply", text="At the bedside?"))
    poll = create_poll(cast.viewer("finn"), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": "Where", "statements": "Closed systems first\nHospitals first",
        "rule": "percent_agreement"}))
    move_poll(cast.viewer("finn"), poll.id, verb="open")
    return cast


@pytest.mark.parametrize(("name", "path"), [
    ("ada", "/"), ("ada", "/account"), ("ada", "/meetings/new"), ("ben", "/"),
    *[(name, "/meetings/cells-that-stay") for name in ("ada", "finn", "ben", "olu")],
    *[(name, "/meetings/cells-that-stay/sessions/1A") for name in ("ada", "finn", "gus", "ben", "cyn", "olu")],
    ("ada", "/meetings/cells-that-stay/people"), ("ada", "/meetings/cells-that-stay/people/invite"),
    ("ada", "/meetings/cells-that-stay/agenda"), ("ben", "/meetings/cells-that-stay/agenda.yaml"),
    ("finn", "/meetings/cells-that-stay/sessions/1A/polls/new"),
    ("ben", "/meetings/cells-that-stay/responses/1/edit"), ("cyn", "/meetings/cells-that-stay/responses/1/reply"),
    ("ben", "/meetings/cells-that-stay/responses/1/withdraw"), ("finn", "/meetings/cells-that-stay/responses/1/hide"),
    ("ben", "/meetings/cells-that-stay/responses/1/history"), ("ben", "/meetings/cells-that-stay/polls/4/ballot"),
])
def test_page_answers_its_people(busy: Cast, sign_in, name: str, path: str) -> None:
    answer = sign_in(busy.person(name)).get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
