"""How what happens in a thread looks on open pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template

from sigforum.live.gateway import Fragment, Onlooker
from sigforum.people.domain import Audience
from sigforum.threads import queries
from sigforum.threads.models import Response
from sigforum.threads.queries import ShownResponse
from sigforum.threads.showing import cards, flags_html, response_html


def show_response_event(payload: Mapping[str, Any], onlooker: Onlooker) -> Iterator[Fragment]:
    """The response itself, and the counts around it. Read again now: whoever missed its hiding sees it hidden."""
    response = queries.response(payload["meeting_id"], payload["response_id"])
    yield response_fragment(response, onlooker)
    question_id = response.question_id
    counts = queries.standing_counts(response.forum_session_id)
    for name, template in (("count", "threads/_count.html"), ("nav-count", "threads/_nav_count.html")):
        yield Fragment(id=f"{name}-{question_id}", html=render_template(
            template, question_id=question_id, said=counts.get(question_id, (0, 0))))
    if onlooker.audience is Audience.CHAIR:
        yield Fragment(id=f"flags-{response.forum_session_id}", html=flags_html(response.question.forum_session))
    total = sum(map(sum, counts.values()))
    yield Fragment(id="discussion-count", html=render_template("threads/_total.html", total=total))


def response_fragment(response: Response, onlooker: Onlooker) -> Fragment:
    """A response as an onlooker sees it, with the place where it belongs if it is new to the page."""
    question = response.question
    shown = ShownResponse(
        response=response, byline=queries.byline_of(response, question.forum_session),
        is_reworded=response.wording_id != question.wording.id, is_unread=onlooker.person_id != response.author_id)
    into = f"replies-{response.parent_id}" if response.parent_id else f"responses-{response.question_id}"
    card, = cards([shown], onlooker, slug=question.forum_session.meeting.slug)
    return Fragment(id=f"response-{response.id}", into=into, version=response.revision, html=response_html(card))
