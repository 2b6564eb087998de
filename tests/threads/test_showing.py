"""What is kept of a response is never out of date, and never shown to those whom it is not for."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import nodes
from sqlalchemy import update

from sigforum.agenda.actions import import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.live.gateway import Onlooker
from sigforum.people.actions import invite_people
from sigforum.people.domain import Audience, Role
from sigforum.people.forms import parse_invitations
from sigforum.people.models import Membership, Person
from sigforum.threads import actions, queries, showing
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from sigforum.web.rendering import kept
from tests.casting import AGENDA, Cast

LOOKING = ("ada", "finn", "ben", "cyn", "olu")


def say(cast: Cast, name: str, text: str, *, parent: int | None = None) -> int:
    """Post something; `text` is its key too."""
    return actions.post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=parent, key=f"key-{text}".replace(" ", "-"),
        text=text)).id


def responses_on(page: str) -> str:
    """The part of a page that holds responses."""
    found = re.findall(r'<div class="responses".*?<p class="thread-empty">', page, re.DOTALL)
    assert len(found) == 3
    return "".join(found)


def change(table: type, identifier: int, **values: object) -> None:
    """Change a row behind the back of every action."""
    db.session.execute(update(table).where(table.id == identifier).values(**values))
    db.session.commit()


def change_role(cast: Cast, name: str, role: Role) -> None:
    """Give a person another role."""
    change(Membership, cast.viewer(name).membership_id, role=role)


def make_group_large(cast: Cast) -> None:
    """Let ben's stakeholder group be named."""
    change(type(cast.forum_session()), cast.forum_session().id, attribution="role")
    rows = "".join(f"Person {number},p{number}@example.org,Industry\n" for number in range(2))
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,stakeholder group\n" + rows, codes={}).people, send_mail=False)


def reword(cast: Cast) -> None:
    """Import the agenda with other words for the question that was answered."""
    import_agenda(cast.viewer("ada"), db.session.get_one(Meeting, cast.meeting_id), read_agenda(
        AGENDA.replace("How should cells be made?", "How should the cells be made?").encode()))


# What can change on a page, with those on whose page it must show.
CHANGES: dict[str, tuple[Callable[[Cast, int, int], object], set[str]]] = {
    "an edit": (lambda cast, top, reply: actions.edit_response(
        cast.viewer("ben"), top, text="Other words", revision=1), set(LOOKING)),
    "an edit of a reply": (lambda cast, top, reply: actions.edit_response(
        cast.viewer("cyn"), reply, text="Other words", revision=1), set(LOOKING)),
    "words with the same revision": (lambda cast, top, reply: change(Response, top, text="Other"), set(LOOKING)),
    "a withdrawal": (lambda cast, top, reply: actions.withdraw_response(cast.viewer("ben"), top), set(LOOKING)),
    "a restoring": (lambda cast, top, reply: actions.restore_response(
        cast.viewer("ben"), cast_withdrawn(cast)), set(LOOKING)),
    "a hiding": (lambda cast, top, reply: actions.hide_response(
        cast.viewer("finn"), top, reason="Prices"), set(LOOKING)),
    "a hidden reply": (lambda cast, top, reply: actions.hide_response(
        cast.viewer("finn"), reply, reason="Prices"), set(LOOKING)),
    "a showing again": (lambda cast, top, reply: actions.show_response(
        cast.viewer("finn"), cast_hidden(cast)), set(LOOKING)),
    "a reply": (lambda cast, top, reply: say(cast, "ben", "One more", parent=top), set(LOOKING)),
    "the author's name": (lambda cast, top, reply: change(Person, cast.ids["ben"], name="Ben Other"), set(LOOKING)),
    "the author's affiliation": (lambda cast, top, reply: change(
        Person, cast.ids["cyn"], affiliation="Elsewhere"), set(LOOKING)),
    "names no longer told": (lambda cast, top, reply: change(
        type(cast.forum_session()), cast.forum_session().id, attribution="chatham"), set(LOOKING)),
    "groups told instead": (lambda cast, top, reply: make_group_large(cast), set(LOOKING)),
    "a question reworded": (lambda cast, top, reply: reword(cast), set(LOOKING)),
    "the moment of posting": (lambda cast, top, reply: change(
        Response, top, posted_at=now() - timedelta(days=1)), set(LOOKING)),
    "reading": (lambda cast, top, reply: actions.mark_read(
        cast.viewer("olu"), cast.forum_session().id, response_id=top), {"olu"}),
    "a speaker made a watcher": (lambda cast, top, reply: change_role(cast, "cyn", Role.OBSERVER), {"cyn"}),
    "a watcher made a speaker": (lambda cast, top, reply: change_role(cast, "olu", Role.PARTICIPANT), {"olu"}),
    "a speaker made a chair": (lambda cast, top, reply: change_role(cast, "ben", Role.ORGANIZER), {"ben"}),
}


def cast_withdrawn(cast: Cast) -> int:
    """The response that was withdrawn before the page was first seen."""
    return db.session.scalars(db.select(Response.id).where(Response.text == "Taken back")).one()


def cast_hidden(cast: Cast) -> int:
    """The response that was hidden before the page was first seen."""
    return db.session.scalars(db.select(Response.id).where(Response.text == "Secret price")).one()


@pytest.mark.parametrize("name", CHANGES)
def test_page_after_a_change_equals_one_rendered_anew(cast: Cast, sign_in, name: str) -> None:
    top = say(cast, "ben", "First words")
    reply = say(cast, "cyn", "A reply", parent=top)
    actions.withdraw_response(cast.viewer("ben"), say(cast, "ben", "Taken back"))
    actions.hide_response(cast.viewer("finn"), say(cast, "ben", "Secret price"), reason="A price")
    browsers = {person: sign_in(cast.person(person)) for person in LOOKING}

    def pages() -> dict[str, str]:
        db.session.rollback()
        return {person: responses_on(browser.get(f"/meetings/{cast.slug}/sessions/1A").get_data(as_text=True))
                for person, browser in browsers.items()}
    before = pages()
    act, seen_by = CHANGES[name]
    act(cast, top, reply)
    after = pages()
    showing.forget()
    assert after == pages()
    assert {person for person in LOOKING if before[person] != after[person]} == seen_by


def test_second_look_renders_nothing_again(cast: Cast, sign_in) -> None:
    top = say(cast, "ben", "First words")
    say(cast, "cyn", "A reply", parent=top)
    browser, address = sign_in(cast.person("cyn")), f"/meetings/{cast.slug}/sessions/1A"
    showing.forget()
    page = responses_on(browser.get(address).get_data(as_text=True))
    assert showing.rendered() == 2
    lines = kept.cache_info()
    assert responses_on(browser.get(address).get_data(as_text=True)) == page
    assert showing.rendered() == 2
    # Nor the lines of the priorities beside the thread, of which replies have none.
    assert (kept.cache_info().misses, kept.cache_info().hits) == (lines.misses, lines.hits + 1)


def test_template_of_a_response_names_nothing_but_its_card(app: Flask) -> None:
    # What it took from elsewhere, such as who is signed in, would be kept for the next reader.
    source = app.jinja_env.loader.get_source(app.jinja_env, "threads/_response.html")[0]
    parsed = app.jinja_env.parse(source)
    assert {found.name for found in parsed.find_all(nodes.Name)} == {"card", "reply", "ui", "url_for"}
    assert {found.name for found in parsed.find_all(nodes.Filter)} == {
        "iso", "clock_text", "markdown", "response_html"}
    assert {found.template.value for found in parsed.find_all(nodes.Import)} == {"_macros.html"}
    called = {found.node.attr for found in parsed.find_all(nodes.Call) if isinstance(found.node, nodes.Getattr)}
    assert called == {"icon"}


@pytest.mark.parametrize("person", [None, "ben"])
def test_wall_is_told_no_names_and_nothing_hidden(cast: Cast, person: str | None) -> None:
    top = say(cast, "ben", "First words")
    say(cast, "cyn", "A reply", parent=top)
    actions.hide_response(cast.viewer("finn"), say(cast, "ben", "Secret price"), reason="A price")
    thread = queries.threads(cast.forum_session(), person_id=0)[0]

    def html(audience: Audience) -> str:
        onlooker = Onlooker(audience=audience, person_id=cast.ids[person] if person else None)
        found = showing.cards(thread.responses, onlooker, slug=cast.slug)
        return "".join(showing.response_html(card) for card in found)
    told, on_the_wall = html(Audience.CHAIR), html(Audience.PROJECTOR)
    for word in ("Ben", "Cyn", "Secret price", "/edit", "/hide", "/reply"):
        assert word in told or (word == "/edit" and person is None)
        assert word not in on_the_wall
    assert "First words" in on_the_wall
