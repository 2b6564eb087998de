"""What counting costs at the largest that a form takes, beside a yardstick of the same run; and what waits for the
close of a round."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.registry import all_kinds, rules_for
from tests.ballots.polling import counted, make_poll, move, vote
from tests.casting import Cast

KEYS = tuple(f"o{place}" for place in range(100))
CRITERIA = 9
ANSWERS: Mapping[str, Callable[[random.Random], dict[str, Any]]] = {
    "agree": lambda dice: {"votes": {key: dice.choice(("agree", "disagree", "pass")) for key in KEYS}},
    "approval": lambda dice: {"approved": [key for key in KEYS if dice.random() < 0.5]},
    "matrix": lambda dice: {"ratings": {key: {f"c{place}": dice.randint(1, 5) for place in range(1, CRITERIA + 1)}
                                        for key in KEYS}},
    "motion": lambda dice: {"votes": {key: dice.choice(("yes", "no", "abstain")) for key in KEYS}},
    "multiple": lambda dice: {"chosen": [dice.choice(KEYS)]},
    "numeric": lambda dice: {"estimates": {key: dice.randint(0, 1000) for key in KEYS}},
    "points": lambda dice: {"points": dict.fromkeys(dice.sample(KEYS, 5), 1)},
    # Two places for a hundred options, and so as many orders of one ballot as there can be.
    "ranking": lambda dice: {"ranks": dict.fromkeys(KEYS, 2) | dict.fromkeys(dice.sample(KEYS, 50), 1)},
    "rating": lambda dice: {"ratings": {key: dice.randint(1, 9) for key in KEYS}},
    "single": lambda dice: {"choice": dice.choice(KEYS)},
    "text": lambda dice: {"texts": {key: f"What {dice.random()} says" for key in KEYS}},
}


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def yardstick() -> float:
    return max(cpu(lambda: sum(number * number for number in range(1_000_000))), 0.02)


def settings_of(kind: Any) -> dict[str, Any]:
    return kind.parse_settings({"criteria": "\n".join(f"Criterion {place}" for place in range(CRITERIA))})


@pytest.mark.parametrize("kind", all_kinds().values(), ids=lambda kind: kind.name)
def test_a_hundred_options_are_counted_in_a_moment(kind: Any) -> None:
    dice, unit = random.Random(8), yardstick()
    paper = Paper(options=tuple(PaperOption(key=key, text=f"Option {key}") for key in KEYS),
                  settings=settings_of(kind))
    answers = [kind.parse_answer(ANSWERS[kind.name](dice), paper) for _ in range(8)]
    rule = parse_poll({"kind": kind.name, "title": "Large", "statements": "One",
                       "rule": next(iter(rules_for(kind)), "")}).rule
    taken = cpu(lambda: kind.tally(answers, paper, headcount=Headcount(invited=8, entitled=8), rule=rule))
    assert taken < 12 * unit, f"{taken:.2f} s of CPU, where a million additions take {unit:.2f} s"


@pytest.mark.parametrize("options", [12, 40])
def test_two_places_for_many_options_cost_no_more_than_an_order_of_them(options: int) -> None:
    kind, dice = all_kinds()["ranking"], random.Random(2)
    keys = KEYS[:options]
    paper = Paper(options=tuple(PaperOption(key=key, text=key) for key in keys), settings=kind.parse_settings({}))
    level = [{"ranks": {key: dice.choice((1, 2)) for key in keys}} for _ in range(8)]
    taken = cpu(lambda: kind.tally(level, paper, headcount=Headcount(invited=8, entitled=8), rule=None))
    assert taken < 3 * yardstick()


def test_p_and_one_person_less_are_counted_when_the_round_closes(cast: Cast) -> None:
    poll = make_poll(cast, kind="ranking", statements="A\nB\nC", visibility="live", secrecy="open", upto="open")
    keys = [f"o{option.id}" for option in poll.options]
    for name in ("ben", "cyn"):
        vote(cast, name, poll, {"ranks": {key: place for place, key in enumerate(keys, start=1)}})
    so_far = counted(poll)
    assert so_far.extra["w"] == 1
    assert so_far.extra["p"] is None
    assert so_far.extra["is_fragile"] is None
    assert "are told when the round closes" in so_far.text
    move(cast, poll, "close")
    final = counted(poll)
    assert final.extra["p"] == pytest.approx(1 / 6)
    assert final.extra["is_fragile"] is False
    assert "when the round closes" not in final.text
    assert [line.figures for line in final.lines] == [line.figures for line in so_far.lines]
