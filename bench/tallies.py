"""How much processor time a poll of each kind takes at its largest: a hundred statements, and eight or five hundred
voters. Nothing is kept between two measurements, so that each is what the first reader pays.

    python -m bench.tallies [--voters 8 500] [--kinds ranking rating] [--rounds 2] [--statements 100]
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping
from contextvars import Context
from datetime import timedelta
from functools import _lru_cache_wrapper
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from bench.setting import measured_app, measured_meeting
from sigforum.agenda.queries import forum_sessions
from sigforum.ballots import actions, queries
from sigforum.ballots.box import Cast
from sigforum.ballots.domain import Terms
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.registry import all_kinds, rules_for
from sigforum.extensions import db
from sigforum.people.domain import Audience, Viewer
from sigforum.people.links import make_link
from sigforum.people.models import Person
from sigforum.people.queries import members, membership
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.writing import write_line
from sigforum.web.rendering import prepare

# The widest comparison that a form can carry.
CRITERIA = "\n".join(f"Criterion {number}" for number in range(9))


def main() -> None:
    """Run one poll of each kind from the first vote to the published summary; print JSON in milliseconds of CPU."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voters", type=int, nargs="+", default=(8, 500))
    parser.add_argument("--kinds", nargs="+", default=[name for name in all_kinds() if name != "points"])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--statements", type=int, default=100)
    asked = parser.parse_args()
    yardstick = _cpu(lambda: sum(number * number for number in range(1_000_000)))
    report: dict[str, Any] = {"yardstick": {"a million additions": yardstick}}
    for voters in asked.voters:
        with measured_app() as app:
            meeting, viewers = measured_meeting(participants=voters)
            # Templates are translated once, and nobody waits for that.
            prepare(app)
            slug, places = meeting.slug, [(one.id, one.code) for one in forum_sessions(meeting.id)]
            host = membership(next(one.person_id for one in members(meeting.id)
                                   if one.person.email == "host@example.org"), meeting_id=meeting.id).viewer()
            for (identifier, code), kind in zip(places, asked.kinds, strict=False):
                found = _measured(app, host, viewers, forum_session_id=identifier, code=code, slug=slug, kind=kind,
                                  rounds=asked.rounds, statements=asked.statements)
                report[f"{kind}, {voters} voters"] = found
                print(kind, voters, json.dumps(found), file=sys.stderr, flush=True)
    print(json.dumps(report, indent=2))


def _measured(app: Flask, host: Viewer, viewers: list[Viewer], *, forum_session_id: int, code: str, slug: str,
              kind: str, rounds: int, statements: int) -> dict[str, float]:
    dice = random.Random(kind)
    poll = actions.create_poll(host, forum_session_id, parse_poll(_form(kind, statements)))
    actions.move_poll(host, poll.id, verb="open")
    for number in range(1, rounds + 1):
        if number > 1:
            actions.move_poll(host, poll.id, verb="close")
            actions.move_poll(host, poll.id, verb="reveal")
            actions.move_poll(host, poll.id, verb="open")
        for viewer in viewers:
            actions.cast_vote(viewer, Cast(poll_id=poll.id, round_number=number, raw=_answer(kind, poll.terms, dice),
                                           key=f"{kind}-{number}-{viewer.person_id:05}", is_form=False))
    chair, voter, page = _signed_in(app, host), _signed_in(app, viewers[0]), f"/meetings/{slug}/sessions/{code}"
    poll_page, poll_id = f"/meetings/{slug}/polls/{poll.id}", poll.id

    def fresh(work: Callable[[], object]) -> float:
        app.extensions.pop("tallies", None)
        _forget()
        db.session.remove()
        return _cpu(work)
    found = {"count while open": fresh(lambda: _result(poll_id)), "session page": fresh(lambda: _get(voter, page)),
             "console": fresh(lambda: _get(chair, f"{page}/console")),
             "projector": fresh(lambda: _get(chair, f"{page}/projector"))}
    found["close"] = fresh(lambda: actions.move_poll(host, poll_id, verb="close"))
    found["closed page"] = fresh(lambda: _get(chair, poll_page))
    found["reveal"] = fresh(lambda: actions.move_poll(host, poll_id, verb="reveal"))
    found["revealed page"] = fresh(lambda: _get(voter, poll_page))
    found["sheet"] = fresh(lambda: _get(voter, f"{poll_page}/rounds/{rounds}/sheet.json"))
    found["begin summary"] = fresh(lambda: begin_summary(host, forum_session_id))
    found["summary page"] = fresh(lambda: _get(chair, f"{page}/summary"))
    _written(host, forum_session_id)
    found["publish"] = fresh(lambda: move_summary(host, forum_session_id, verb="publish"))
    return found


def _form(kind: str, statements: int) -> dict[str, str]:
    rules = rules_for(all_kinds()[kind])
    return {"kind": kind, "title": f"The largest {kind}", "criteria": CRITERIA,
            "visibility": "after_reveal" if kind == "text" else "live",
            "rule": "rand_ucla" if "rand_ucla" in rules else next(iter(rules), ""),
            "statements": "\n".join(f"Statement {number} of them all" for number in range(statements))}


def _answer(kind: str, terms: Terms, dice: random.Random) -> dict[str, Any]:
    keys = [option.key for option in terms.options]
    given: Mapping[str, Callable[[], dict[str, Any]]] = {
        "agree": lambda: {"votes": {key: dice.choice(("agree", "disagree", "pass")) for key in keys}},
        "approval": lambda: {"approved": [key for key in keys if dice.random() < 0.5]},
        "matrix": lambda: {"ratings": {key: {f"c{place}": dice.randint(1, 5) for place in range(1, 10)}
                                       for key in keys}},
        "motion": lambda: {"votes": {key: dice.choice(("yes", "no", "abstain")) for key in keys}},
        "multiple": lambda: {"chosen": [dice.choice(keys)]},
        "numeric": lambda: {"estimates": {key: dice.randint(0, 1000) for key in keys}},
        # Equal places leave most to count.
        "ranking": lambda: {"ranks": dict.fromkeys(keys, 2) | dict.fromkeys(dice.sample(keys, len(keys) // 2), 1)},
        "rating": lambda: {"ratings": {key: dice.randint(1, 9) for key in keys}},
        "single": lambda: {"choice": dice.choice(keys)},
        "text": lambda: {"texts": {key: f"What person {dice.random()} says" for key in keys}}}
    return given[kind]()


def _written(host: Viewer, forum_session_id: int) -> None:
    """Bring a summary to where it can be published."""
    write_line(host, forum_session_id, kind=LineKind.ANSWER, words=Wording(text="As the votes say."))
    for verb in ("ask_review", "close_review"):
        move_summary(host, forum_session_id, verb=verb)


def _result(poll_id: int) -> None:
    poll = queries.poll_to_show(poll_id)
    if poll is None or poll.round is None:
        raise SystemExit("the poll that was made is gone")
    queries.visible_result(poll, poll.round, audience=Audience.SPEAKER)


def _forget() -> None:
    """Empty what counting keeps between two readers."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("sigforum.consensus.", "sigforum.ballots.matrix_result")):
            for value in vars(module).values():
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()


def _signed_in(app: Flask, viewer: Viewer) -> FlaskClient:
    browser = app.test_client()
    link = make_link(db.session.get_one(Person, viewer.person_id), lifetime=timedelta(hours=1))
    Context().run(browser.post, link.removeprefix("http://localhost"))
    return browser


def _get(browser: FlaskClient, address: str) -> None:
    answer = Context().run(browser.get, address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return round(1000 * (time.process_time() - start), 1)


if __name__ == "__main__":
    main()
