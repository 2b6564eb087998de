"""Where a session's rule names nobody, what others are shown does not hang on who wrote: the same words by two people
of one group give the same pages, live frames and files, to the letter. Names, titles, ids, order and numbers are all
in it."""

import re
from collections.abc import Callable
from difflib import unified_diff

import pytest

from sigforum.ballots.actions import cast_vote, create_poll, move_poll
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db, limiter
from sigforum.live.gateway import Onlooker, fragments_of
from sigforum.people.domain import Audience
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.access.scene import Scene
from tests.ballots.polling import add_voters
from tests.summaries.panel import readable

ONLOOKERS = ("ada", "finn", "gus", "cyn", "olu")
WORDS = "The canary of whoever says it"
PAGES = ("", "/sessions/1A", "/sessions/1A/console", "/sessions/1A/projector", "/sessions/1A/summary", "/summary",
         "/search?q=canary", "/exports")
# Tokens of the browser, moments, and the receipt codes that a voter alone recognises.
CHANGES = (r'nonce[-="]+[\w-]+', r'value="[\w.-]{40,}"', r"\d{4}-\d\d-\d\dT[\d:.+Z]+", r"\d{1,2}:\d\d(:\d\d)?",
           r"\b[A-Z2-7]{4}(-[A-Z2-7]{4}){3}\b", r"\b[0-9a-f]{64}\b", r"\b[0-9a-f]{12}\b")


def still(text: str) -> str:
    """A text without what changes by itself."""
    for pattern in CHANGES:
        text = re.sub(pattern, "~", text)
    return text


def said_and_voted(scene: Scene, name: str, poll_id: int) -> int:
    """Somebody posts, and writes the same on a ballot; the response's id."""
    cast = scene.cast
    said = post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="of-the-canary", text=WORDS))
    others = [other for other in ("v0", "v1", "v2", "v3") if other != name]
    for voter in (name, *others):
        key = f"o{scene.ids['written']}"
        cast_vote(cast.viewer(voter), CastVote(poll_id=poll_id, round_number=1, key="key-of-a-vote",
                                               raw={"texts": {key: WORDS if voter == name else "Nothing more"}}))
    return said.id


def everything(scene: Scene, poll_id: int, response_id: int) -> dict[str, str]:
    """All that others are shown, by where it stands."""
    cast, found = scene.cast, {}
    for onlooker in ONLOOKERS:
        browser = scene.browser(onlooker)
        for path in (*PAGES, f"/polls/{poll_id}", f"/responses/{response_id}/history"):
            limiter.reset()
            answer = browser.get(f"/meetings/{cast.slug}{path}")
            found[f"{onlooker} {path}"] = f"{answer.status_code} {answer.get_data(as_text=True)}"
    for audience in Audience:
        payload = {"meeting_id": cast.meeting_id, "forum_session_id": cast.forum_session().id, "verb": "changed",
                   "response_id": response_id, "poll_id": poll_id, "person_id": 0}
        found |= {f"{kind} to {audience}": "".join(one.html for one in fragments_of(
            kind, payload, Onlooker(audience=audience))) for kind in ("response_posted", "response_changed",
                                                                      "poll_changed")}
    db.session.rollback()
    document = session_summary(cast.forum_session())
    found |= {f"file {name}": readable(one.write(document), one.extension) for name, one in all_formats().items()
              if name in ("json", "html", "csv", "markdown", "docx")}
    return {place: still(text) for place, text in found.items()}


@pytest.mark.parametrize(("rule", "is_told"), [("chatham", False), ("role", False), ("named", True)])
def test_what_others_see_hangs_on_who_wrote_only_where_the_rule_names(scene: Scene, rule: str, is_told: bool) -> None:
    add_voters(scene.cast, 4)
    with transaction():
        scene.cast.forum_session().attribution = rule
    finn = scene.cast.viewer("finn")
    poll = create_poll(finn, scene.cast.forum_session().id, parse_poll({
        "kind": "text", "title": "What is missing", "statements": "In your words", "secrecy": "confidential"}))
    move_poll(finn, poll.id, verb="open")
    poll_id, scene.ids["written"] = poll.id, poll.options[0].id

    def shown_by(name: str) -> Callable[[], dict[str, str]]:
        def show() -> dict[str, str]:
            response_id = said_and_voted(scene, name, poll_id)
            for verb in ("close", "reveal"):
                move_poll(scene.cast.viewer("finn"), poll_id, verb=verb)
            return everything(scene, poll_id, response_id)
        return show
    first, second = (undone(scene, shown_by(name)) for name in ("v0", "v1"))
    assert sum(WORDS in text for text in first.values()) > 15, "the search is blind"
    found = {place: difference(text, second[place]) for place, text in first.items() if text != second[place]}
    if is_told:
        assert len(found) > 10, "the comparison is blind"
    else:
        assert found == {}


def difference(one: str, other: str) -> list[str]:
    """The lines that differ, for whoever reads the failure."""
    return [line.strip() for line in unified_diff(one.splitlines(), other.splitlines(), n=0, lineterm="")][2:12]


def undone(scene: Scene, show: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What something shows; afterwards it has not happened."""
    kept = scene.kept.read_bytes()
    scene.keep()
    try:
        return show()
    finally:
        scene.put_back()
        scene.kept.write_bytes(kept)
        scene.app.extensions.pop("tallies", None)
