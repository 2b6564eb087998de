"""What each kind says of a stored ballot, and where that ballot stands when two rounds are compared."""

from typing import Any

import pytest

from sigforum.ballots.domain import Paper, PaperOption
from sigforum.ballots.registry import all_kinds

OPTIONS = tuple(PaperOption(key=f"o{n}", text=text) for n, text in enumerate(("Clay", "Brick", "Stone"), start=1))
ABSTAINS = {"o1": "abstain", "o2": "abstain", "o3": "abstain"}
TOLD: list[tuple[str, dict[str, str], dict[str, Any], dict[str, str], dict[str, Any]]] = [
    ("single", {}, {"choice": "o2"}, {"": "Brick"}, {"": "o2"}),
    ("single", {}, {"outside": True}, {"": "Outside my expertise"}, {"": "outside"}),
    ("single", {}, {"abstain": True}, {"": "Abstained"}, {"": "abstain"}),
    ("multiple", {}, {"chosen": ["o1", "o3"]}, {"o1": "Chosen", "o3": "Chosen"},
     {"o1": "chosen", "o2": "not chosen", "o3": "chosen"}),
    ("approval", {}, {"approved": []}, {"": "Approved of none"}, dict.fromkeys(ABSTAINS, "not chosen")),
    ("approval", {}, {"approved": ["o2"]}, {"o2": "Approved"},
     {"o1": "not chosen", "o2": "chosen", "o3": "not chosen"}),
    ("rating", {}, {"ratings": {"o1": 9, "o2": 4, "o3": "x"}},
     {"o1": "9 (Strongly agree)", "o2": "4", "o3": "Outside my expertise"}, {"o1": 9, "o2": 4, "o3": "outside"}),
    ("rating", {}, {"abstain": True}, {"": "Abstained"}, ABSTAINS),
    ("agree", {}, {"votes": {"o1": "disagree", "o3": "x"}}, {"o1": "Disagree", "o3": "Outside my expertise"},
     {"o1": "disagree", "o3": "outside"}),
    ("motion", {"yes_label": "Carry"}, {"votes": {"o1": "yes", "o2": "no", "o3": "abstain"}},
     {"o1": "Carry", "o2": "No", "o3": "Abstained"}, {"o1": "yes", "o2": "no", "o3": "abstain"}),
    # Two share the first place, so the next is the third.
    ("ranking", {}, {"ranks": {"o1": 1, "o3": 1, "o2": 2}},
     {"o1": "Place 1, equal with 1 other", "o2": "Place 3", "o3": "Place 1, equal with 1 other"},
     {"o1": 1, "o2": 0, "o3": 1}),
    ("ranking", {}, {"ranks": {"o2": 1}}, {"o1": "Not ranked", "o2": "Place 1", "o3": "Not ranked"},
     {"o1": 0, "o2": 2, "o3": 0}),
    ("points", {}, {"points": {"o1": 3, "o2": 1}}, {"o1": "3 points", "o2": "1 point"}, {"o1": 3, "o2": 1, "o3": 0}),
    ("points", {}, {"points": {}}, {"": "No points laid"}, {"o1": 0, "o2": 0, "o3": 0}),
    ("numeric", {"unit": "days"}, {"estimates": {"o1": 12.5, "o2": 7}, "outside": ["o3"]},
     {"o1": "12.5 days", "o2": "7 days", "o3": "Outside my expertise"}, {"o1": 12.5, "o2": 7, "o3": "outside"}),
    ("text", {}, {"texts": {"o1": "Two\nlines"}, "outside": ["o2"]}, {"o1": "Two\nlines", "o2": "Outside my expertise"},
     {"o1": "answered", "o2": "outside"}),
    ("matrix", {"criteria": "Cost\nAccess"},
     {"ratings": {"o1": {"c1": 5, "c2": 2}, "o2": {"c1": "x", "c2": 1}, "o3": {"c1": "x", "c2": "x"}}},
     {"o1": "Cost: 5; Access: 2", "o2": "Cost: outside my expertise; Access: 1",
      "o3": "Cost: outside my expertise; Access: outside my expertise"},
     {"o1": 3.5, "o2": 1, "o3": "outside"}),
]


@pytest.mark.parametrize(("name", "settings", "answer", "said", "places"), TOLD)
def test_ballot_is_told_in_words_and_places(
        name: str, settings: dict[str, str], answer: dict[str, Any], said: dict[str, str],
        places: dict[str, Any]) -> None:
    kind = all_kinds()[name]
    paper = Paper(options=OPTIONS, settings=kind.parse_settings(settings))
    assert kind.parse_answer(answer, paper) == answer, "the example must be a ballot as it is stored"
    assert (kind.describe(answer, paper), kind.positions(answer, paper)) == (said, places)


def test_every_kind_is_told_in_this_file() -> None:
    assert {name for name, *_ in TOLD} == set(all_kinds()), "add the new kind's words to TOLD above"


@pytest.mark.parametrize("answer", [{"choice": "o9"}, {"approved": ["o9"]}, {"points": {"o9": 2}}])
def test_ballot_of_which_nothing_is_left_says_nothing(answer: dict[str, Any]) -> None:
    name = {"choice": "single", "approved": "approval", "points": "points"}[next(iter(answer))]
    kind = all_kinds()[name]
    assert kind.describe(answer, Paper(options=OPTIONS, settings=kind.parse_settings({}))) == {}
