"""The page of search. Its address holds everything that is asked, so that it can be kept and passed on."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.disclosures.showing import unentered
from sigforum.people.domain import Viewer
from sigforum.people.guards import member
from sigforum.search.domain import KIND_WORDS
from sigforum.search.finding import find
from sigforum.search.forms import parse_question
from sigforum.search.showing import shown_page
from sigforum.web.pacing import paced
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/search")
@member
@paced("search", reads=True)
def show_search(viewer: Viewer, meeting: Any) -> ResponseReturnValue:
    """What the meeting holds of some words, as far as the viewer may read it."""
    question, forum_sessions = parse_question(request.args), agenda.all_forum_sessions(viewer.meeting_id)
    searched = [one for one in forum_sessions if question.code in ("", one.code)]
    shut = unentered(viewer, [one.id for one in searched])
    found = find(viewer, question.wanted, slug=meeting.slug, forum_sessions=searched, unentered=shut)
    return render_template(
        "search/search.html", slug=meeting.slug, question=question, wanted=question.wanted,
        page=shown_page(found, question), forum_sessions=forum_sessions, KIND_WORDS=KIND_WORDS,
        shut=[one for one in searched if one.id in shut])
