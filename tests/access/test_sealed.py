"""The canary of a sealed round: what somebody wrote on a ballot is told to nobody before the reveal, on no page,
in no file, in no live frame and in no log; and who wrote it is told to nobody, ever, unless the ballot is open."""

import json
import logging
import re

import pytest

from sigforum.ballots.actions import cast_vote, create_poll, move_poll
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db, limiter
from sigforum.live.gateway import RENDERERS, WALL_RENDERERS, Onlooker, fragments_of
from sigforum.live.ticker import TALLIES
from sigforum.people.domain import Audience
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.poll_results import tally_sheets
from sigforum.summaries.registry import all_formats
from tests.access.matrix import ROWS
from tests.access.scene import MEMBERS, OUTSIDERS, Scene
from tests.ballots.polling import add_voters
from tests.summaries.panel import readable

CANARY = "Zanzibar quilt"
VOTERS = ("ben", "cyn", "v0", "v1")
PAGES = [row for row in ROWS if row.method == "GET" and not row.endpoint.startswith("people.open_link")]


def asked(scene: Scene, *, secrecy: str) -> int:
    """An open poll for words in 1A in which four people wrote; cyn wrote the canary. Its id."""
    finn = scene.cast.viewer("finn")
    poll = create_poll(finn, scene.cast.forum_session().id, parse_poll({
        "kind": "text", "title": "What is missing?", "statements": "In one sentence", "secrecy": secrecy}))
    move_poll(finn, poll.id, verb="open")
    key, poll_id = poll.rounds[-1].frozen.options[0].key, poll.id
    for name in VOTERS:
        cast_vote(scene.cast.viewer(name), CastVote(
            poll_id=poll_id, round_number=1, key=f"key-of-{name}",
            raw={"texts": {key: CANARY if name == "cyn" else f"Said by number {VOTERS.index(name)}"}}))
    return poll_id


def tellers(scene: Scene, poll_id: int, *, people: tuple[str, ...] = MEMBERS) -> set[str]:
    """Which of some people are told the canary on any page, and which audience by any live frame."""
    told = set()
    forum_session_id = scene.cast.forum_session().id
    extra = [f"/meetings/{scene.cast.slug}/polls/{poll_id}", f"/meetings/{scene.cast.slug}/polls/{poll_id}/ballot",
             f"/meetings/{scene.cast.slug}/polls/{poll_id}/rounds/1/sheet.json",
             f"/meetings/{scene.cast.slug}/search?q=zanzibar", f"/meetings/{scene.cast.slug}/search?q=missing"]
    for name in people:
        browser = scene.browser(name)
        for address in [*(row.address(scene) for row in PAGES), *extra]:
            limiter.reset()
            if CANARY in browser.get(address).get_data().decode(errors="replace"):
                told.add(name)
    for audience in Audience:
        onlooker = Onlooker(audience=audience)
        payload = {"meeting_id": scene.cast.meeting_id, "forum_session_id": forum_session_id, "poll_id": poll_id,
                   "verb": "changed", "response_id": scene.ids["response"], "person_id": 0, "job_id": scene.ids["job"],
                   "question_id": scene.ids["question"], "membership_id": scene.ids["cyn"],
                   "line_id": scene.ids["line"]}
        frames = [fragment.html for kind in sorted({*RENDERERS, *WALL_RENDERERS} - {"export_progressed"})
                  for fragment in fragments_of(kind, payload, onlooker)]
        frames += [fragment.html for tallies in TALLIES
                   for fragment in tallies.render((f"forum-{forum_session_id}", poll_id), 9, onlooker)]
        if CANARY in "".join(frames):
            told.add(str(audience))
    return told


def files(scene: Scene) -> str:
    """All that members can download of the session."""
    db.session.rollback()
    document = session_summary(scene.cast.forum_session())
    texts = [readable(one.write(document), one.extension) for one in all_formats().values()]
    return " ".join(texts + [sheet.decode() for sheet in tally_sheets(scene.cast.forum_session().id).values()])


@pytest.mark.parametrize("secrecy", ["open", "confidential", "secret"])
def test_sealed_words_are_told_to_nobody_before_the_reveal(
        scene: Scene, secrecy: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    add_voters(scene.cast, 2)
    poll_id, finn = asked(scene, secrecy=secrecy), scene.cast.viewer("finn")
    # Who wrote it sees the own ballot, unless it is secret.
    own = () if secrecy == "secret" else ("cyn",)
    outside = OUTSIDERS if secrecy == "secret" else ()
    assert tellers(scene, poll_id, people=tuple({*MEMBERS, *outside} - {*own})) == set()
    assert CANARY not in files(scene)
    move_poll(finn, poll_id, verb="close")
    # A closed round is seen by those who decide when to reveal it, and by nobody else.
    assert tellers(scene, poll_id, people=(*MEMBERS, "eve")) == {"ada", "finn", "chair"}
    assert CANARY not in files(scene)
    assert CANARY not in caplog.text
    move_poll(finn, poll_id, verb="reveal")
    # What the wall shows, it shows page by page; tests/facilitation looks for it there.
    told = tellers(scene, poll_id, people=("ada", "olu"))
    assert {"ada", "olu", *Audience} - {Audience.PROJECTOR} <= told, "the search is blind"
    assert CANARY in files(scene)


@pytest.mark.parametrize("secrecy", ["confidential", "secret"])
def test_who_wrote_it_is_told_to_nobody_ever(scene: Scene, secrecy: str) -> None:
    add_voters(scene.cast, 2)
    poll_id, finn = asked(scene, secrecy=secrecy), scene.cast.viewer("finn")
    name = scene.cast.person("v0").name
    for verb in ("close", "reveal", "decide"):
        move_poll(finn, poll_id, verb=verb)
        for member in MEMBERS:
            browser = scene.browser(member)
            for address in (f"/polls/{poll_id}", "/sessions/1A", "/sessions/1A/summary"):
                page = browser.get(f"/meetings/{scene.cast.slug}{address}").get_data(as_text=True)
                # Facilitators are told who has not voted yet in a poll that is still open.
                assert name not in re.sub(r'<ul class="names">.*?</ul>', "", page, flags=re.DOTALL)
    assert name not in files(scene)


def test_database_cannot_tell_whose_a_secret_ballot_is(scene: Scene) -> None:
    """Every row of every table: none that holds the words holds the person, or a number of theirs."""
    add_voters(scene.cast, 2)
    before = {row for rows in scene.rows().values() for row in rows}
    asked(scene, secrecy="secret")
    cyn = scene.cast.viewer("cyn")
    added = {name: [row for row in rows if row not in before] for name, rows in scene.rows().items()}
    with_words = {name: rows for name, rows in added.items() if CANARY in json.dumps(rows)}
    assert list(with_words) == ["secret_ballots"]
    with db.engine.connect() as connection:
        columns = db.metadata.tables["secret_ballots"].columns.keys()
        assert sorted(columns) == ["answer", "code", "round_id"]
        codes = set(connection.exec_driver_sql("SELECT code FROM secret_ballots").scalars())
    # Nor does a number that belongs to the person lead to the code.
    elsewhere = " ".join(row for name, rows in added.items() if name != "secret_ballots" for row in rows)
    assert codes
    assert not any(code in elsewhere for code in codes)
    assert f"({cyn.person_id}," not in " ".join(with_words["secret_ballots"])
