"""A session's page says of each question whether it is asked still, and keeps its links apart."""

import re

from sigforum.agenda import queries
from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.disclosures.models import EntryRule
from sigforum.extensions import db
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.casting import AGENDA, Cast

WHO = "Who should pay for making cells?"


def test_retired_question_is_marked_in_the_contents(cast: Cast, sign_in) -> None:
    asked = next(one for one in cast.forum_session().asked if one.text == WHO)
    post_response(cast.viewer("ben"), NewResponse(
        question_id=asked.id, parent_id=None, key="a-response", text="The insurers"))
    newer = AGENDA.replace(f"  • {WHO}\n", "")
    import_agenda(None, queries.meeting_by_slug(cast.slug), read_agenda(newer.encode()))
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    contents = re.search(r'<ol class="thread-nav">.*?</ol>', page, re.DOTALL)
    assert contents is not None
    entries = [re.sub(r"<[^>]+>", " ", entry) for entry in contents[0].split("</li>")[:-1]]
    assert [("no longer on the agenda" in entry, WHO in entry) for entry in entries] == [(False, False), (True, True)]


def test_links_to_interests_stand_apart(cast: Cast, sign_in) -> None:
    db.session.execute(db.update(EntryRule).values(is_on=True))
    db.session.commit()
    ada = sign_in(cast.person("ada"))
    page = ada.get(f"/meetings/{cast.slug}/sessions/1A", follow_redirects=True).get_data(as_text=True)
    if "Before you take part" in page:
        ada.post(f"/meetings/{cast.slug}/sessions/1A/enter", data={"choice": "read"})
        page = ada.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True)
    told = re.sub(r"<[^>]+>", "", page)
    assert "Declared interests" in told
    assert "interestsDeclared" not in told
