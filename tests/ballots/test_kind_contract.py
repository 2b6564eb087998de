"""What every ballot kind must keep, whichever file of kinds/ it comes from."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sigforum.ballots import queries
from sigforum.ballots.domain import Headcount, Paper, PaperOption, Result, form_number
from sigforum.ballots.models import Poll
from sigforum.ballots.registry import all_kinds, rules_for
from sigforum.consensus.movement import movements
from sigforum.consensus.rule import parse_params
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import VerdictWord
from sigforum.kernel.errors import Invalid
from tests.ballots.polling import changes, counted, make_poll, priorities, vote
from tests.ballots.test_points import say
from tests.casting import Cast

OPTIONS = (PaperOption(key="o1", text="First"), PaperOption(key="o2", text="Second"),
           PaperOption(key="o3", text="Third"))


@dataclass(frozen=True)
class Examples:
    """What the suite needs to know of a kind. A new kind adds its own here."""

    # Ballots, each as the fields of its form and as the answer a socket sends.
    ballots: tuple[tuple[Mapping[str, str], Any], ...]
    # A ballot that says nothing about any option.
    abstention: Any
    # Ballots that leave options equal.
    ties: tuple[Any, ...]
    prefixes: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


EXAMPLES = {
    "points": Examples(
        ballots=(
            ({"points-o1": "3", "points-o2": "2"}, {"o1": 3, "o2": 2}),
            ({"points-o1": "0", "points-o3": "1"}, {"o3": 1}),
            ({"points-o2": "3", "points-o3": ""}, {"points": {"o2": 3}}),
        ),
        abstention={}, ties=({"o1": 2, "o2": 2}, {"o1": 1, "o2": 1}), prefixes=("points-",)),
    "rating": Examples(
        ballots=(
            ({"rating-o1": "9", "rating-o2": "1", "rating-o3": "x"}, {"ratings": {"o1": 9, "o2": 1, "o3": "x"}}),
            ({"rating-o1": "5", "rating-o2": "5", "rating-o3": "5"}, {"ratings": {"o3": 5, "o2": 5, "o1": 5}}),
            ({"abstain": "1", "rating-o1": "3"}, {"abstain": True}),
        ),
        abstention={"abstain": True},
        ties=({"ratings": {"o1": 7, "o2": 7, "o3": 7}}, {"ratings": {"o1": 2, "o2": 2, "o3": 2}}),
        prefixes=("rating-",)),
    "single": Examples(
        ballots=(
            ({"choice": "o1"}, {"choice": "o1"}),
            ({"choice": "outside"}, {"outside": True}),
            ({"choice": "abstain"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"choice": "o1"}, {"choice": "o2"}), prefixes=("choice", "choice-")),
    "multiple": Examples(
        ballots=(
            ({"choose-o1": "1", "choose-o3": "1"}, {"chosen": ["o3", "o1", "o1"]}),
            ({"outside": "1"}, {"outside": True}),
            ({"abstain": "1", "choose-o2": "1"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"chosen": ["o1", "o2"]},), prefixes=("choose-", "outside")),
    "approval": Examples(
        ballots=(
            ({"approve-o2": "1"}, {"approved": ["o2"]}),
            ({}, {"approved": []}),
            ({"outside": "1"}, {"outside": True}),
        ),
        abstention={"abstain": True}, ties=({"approved": ["o1", "o2"]},), prefixes=("approve-", "outside")),
    "agree": Examples(
        ballots=(
            ({"agree-o1": "agree", "agree-o2": "disagree", "agree-o3": "x"},
             {"votes": {"o3": "x", "o2": "disagree", "o1": "agree"}}),
            ({"agree-o3": "pass"}, {"votes": {"o3": "pass"}}),
            ({"abstain": "1"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"votes": {"o1": "agree", "o2": "agree"}},), prefixes=("agree-",)),
    "motion": Examples(
        ballots=(
            ({"motion-o1": "yes", "motion-o2": "no", "motion-o3": "abstain"},
             {"votes": {"o1": "yes", "o2": "no", "o3": "abstain"}}),
            ({"motion-o1": "abstain", "motion-o2": "abstain", "motion-o3": "abstain"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"votes": {"o1": "yes", "o2": "yes", "o3": "no"}},),
        prefixes=("motion-",)),
    "numeric": Examples(
        ballots=(
            ({"number-o1": "12.50", "number-o2": "-3", "outside-o3": "1"},
             {"estimates": {"o1": 12.5, "o2": -3}, "outside": ["o3"]}),
            ({"number-o1": "7.0", "number-o2": "0", "number-o3": " 8 "}, {"estimates": {"o1": 7, "o2": 0.0, "o3": 8}}),
            ({"abstain": "1"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"estimates": {"o1": 4, "o2": 4, "o3": 4}},) * 4,
        prefixes=("number-", "outside-")),
    "text": Examples(
        ballots=(
            ({"text-o1": "Line one\r\nline two ", "text-o2": " ", "outside-o3": "1"},
             {"texts": {"o1": "Line one\nline two"}, "outside": ["o3"]}),
            ({"text-o2": "Other"}, {"texts": {"o2": "Other"}}),
            ({"abstain": "1"}, {"abstain": True}),
        ),
        abstention={"abstain": True}, ties=({"texts": {"o1": "Mine", "o2": "Yours"}},), prefixes=("text-", "outside-")),
    "ranking": Examples(
        ballots=(
            ({"rank-o1": "2", "rank-o2": "1", "rank-o3": "5"}, {"ranks": {"o1": 2, "o2": 1, "o3": 3}}),
            ({"rank-o3": "1", "rank-o1": ""}, {"ranks": {"o3": 4}}),
            ({"outside": "1"}, {"outside": True}),
            ({"abstain": "1", "rank-o1": "1"}, {"abstain": True}),
        ),
        abstention={"abstain": True},
        ties=({"ranks": {"o1": 1, "o2": 1}}, {"ranks": {"o1": 1, "o2": 2, "o3": 3}}, {"ranks": {"o2": 1, "o1": 2}}),
        prefixes=("rank-", "outside")),
    "matrix": Examples(
        ballots=(
            ({"cell-o1-c1": "5", "cell-o1-c2": "x", "cell-o2-c1": "1", "cell-o2-c2": "2", "cell-o3-c1": "3",
              "cell-o3-c2": "4"},
             {"ratings": {"o1": {"c1": 5, "c2": "x"}, "o2": {"c1": 1, "c2": 2}, "o3": {"c1": 3, "c2": 4}}}),
            ({"abstain": "1", "cell-o1-c1": "3"}, {"abstain": True}),
        ),
        abstention={"abstain": True},
        ties=({"ratings": {key: {"c1": 4, "c2": 2} for key in ("o1", "o2", "o3")}},) * 2,
        prefixes=("cell-",)),
}
KINDS = list(all_kinds().values())
by_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
fuzzed = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_kind_has_examples_in_this_suite() -> None:
    assert sorted(EXAMPLES) == sorted(all_kinds()), "add the new kind's examples to EXAMPLES above"


def paper_of(kind: Any) -> Paper:
    return Paper(options=OPTIONS, settings=kind.parse_settings(EXAMPLES[kind.name].settings))


def rule_of(kind: Any) -> dict[str, Any] | None:
    rules = list(rules_for(kind).values())
    return {"name": rules[0].name, "params": parse_params(rules[0], {}, scale=Scale(1, 9))} if rules else None


def tally(kind: Any, answers: list[Any], *, entitled: int = 30) -> Result:
    paper = paper_of(kind)
    canonical = [kind.parse_answer(answer, paper) for answer in answers]
    return kind.tally(canonical, paper, headcount=Headcount(invited=40, entitled=entitled), rule=rule_of(kind))


def assert_well_formed(result: Result, kind: Any) -> None:
    assert result.kind == kind.name
    assert result.text
    assert result.columns
    assert len({column.key for column in result.columns}) == len(result.columns)
    assert all(column.label for column in result.columns)
    assert sorted(line.key for line in result.lines) == [option.key for option in OPTIONS]
    texts = {option.key: option.text for option in OPTIONS}
    for line in result.lines:
        assert line.text == texts[line.key]
        missing = [column.key for column in result.columns if column.key not in line.figures]
        assert not missing, f"{kind.name}: the line {line.key} has no figure for {missing}"
        assert (line.verdict is not None) == kind.takes_rule
    assert bool(result.rule) == kind.takes_rule
    # What feeds an export must survive it.
    json.dumps([dict(line.figures) for line in result.lines])


@by_kind
def test_nobody_voted_gives_a_result(kind: Any) -> None:
    result = tally(kind, [])
    assert_well_formed(result, kind)
    assert (result.answered, result.abstained) == (0, 0)


@by_kind
def test_one_voter_of_one_gives_a_result(kind: Any) -> None:
    result = tally(kind, [EXAMPLES[kind.name].ballots[0][1]], entitled=1)
    assert_well_formed(result, kind)
    assert result.answered == 1
    assert "1" in result.text


@by_kind
def test_everybody_abstaining_lays_nothing_on_any_option(kind: Any) -> None:
    empty, full = tally(kind, []), tally(kind, [EXAMPLES[kind.name].abstention] * 4)
    assert_well_formed(full, kind)
    assert [dict(line.figures) for line in full.lines] == [dict(line.figures) for line in empty.lines]


@by_kind
def test_everybody_recused_gives_a_result(kind: Any) -> None:
    paper = paper_of(kind)
    result = kind.tally([], paper, headcount=Headcount(invited=6, entitled=0, recused=6), rule=rule_of(kind))
    assert_well_formed(result, kind)
    assert (result.answered, result.headcount.recused) == (0, 6)
    assert "0 of 0" in result.text
    assert all(line.verdict is None or line.verdict.word is VerdictWord.TOO_FEW for line in result.lines)


@by_kind
def test_newest_revision_alone_counts(kind: Any, cast: Cast) -> None:
    first, second = (answer for _, answer in EXAMPLES[kind.name].ballots[:2])
    revised, alone = poll_of(kind, cast), None
    vote(cast, "ben", revised, on_paper(first, revised))
    before = counted(revised)
    vote(cast, "ben", revised, on_paper(second, revised))
    after = counted(revised)
    vote(cast, "ben", revised, on_paper(second, revised))
    alone = counted(revised)
    assert before.answered == after.answered == 1
    assert [dict(line.figures) for line in before.lines] != [dict(line.figures) for line in after.lines]
    assert after == alone
    assert len(changes(revised.rounds[-1].id)) == 3


def poll_of(kind: Any, cast: Cast) -> Poll:
    """An open poll of this kind with three options."""
    if kind.options_are_responses:
        for text in ("First", "Second", "Third"):
            say(cast, "ben", text)
        return priorities(cast)
    rules = list(rules_for(kind))
    return make_poll(cast, upto="open", kind=kind.name, statements="First\nSecond\nThird",
                     rule=rules[0] if rules else "", **EXAMPLES[kind.name].settings)


def on_paper(answer: Any, poll: Poll) -> Any:
    """An example's answer with the keys of this poll's options."""
    keys = dict(zip(("o1", "o2", "o3"), queries.paper(poll).keys, strict=True))
    return json.loads(re.sub(r'"(o[123])"', lambda found: f'"{keys[found[1]]}"', json.dumps(answer)))


@by_kind
def test_ties_are_shown_and_not_broken(kind: Any) -> None:
    result = tally(kind, list(EXAMPLES[kind.name].ties))
    assert_well_formed(result, kind)
    lines = {line.key: dict(line.figures) for line in result.lines}
    assert lines["o1"] == lines["o2"]


@by_kind
def test_order_of_votes_changes_nothing(kind: Any) -> None:
    answers = [answer for _, answer in EXAMPLES[kind.name].ballots] * 3 + list(EXAMPLES[kind.name].ties)
    expected = tally(kind, answers)
    shuffled = random.Random(7)
    for _ in range(12):
        shuffled.shuffle(answers)
        assert tally(kind, answers) == expected
    assert expected != tally(kind, []), "the example ballots must change something"


@by_kind
def test_form_and_answer_agree(kind: Any) -> None:
    paper = paper_of(kind)
    for form, answer in EXAMPLES[kind.name].ballots:
        assert kind.parse_answer(kind.read_form(form), paper) == kind.parse_answer(answer, paper)


@by_kind
def test_canonical_answer_survives_json_and_is_read_as_itself(kind: Any) -> None:
    paper = paper_of(kind)
    for _, answer in EXAMPLES[kind.name].ballots:
        canonical = kind.parse_answer(answer, paper)
        assert json.loads(json.dumps(canonical)) == canonical
        assert kind.parse_answer(json.loads(json.dumps(canonical)), paper) == canonical


@by_kind
def test_ballots_are_told_in_words_and_places(kind: Any) -> None:
    paper, examples = paper_of(kind), EXAMPLES[kind.name]
    ballots = [kind.parse_answer(answer, paper) for answer in (
        *(answer for _, answer in examples.ballots), examples.abstention, *examples.ties)]
    for ballot in ballots:
        assert_told(kind, ballot, paper)
    told = [tuple(sorted(kind.describe(ballot, paper).items())) for ballot in ballots]
    assert len(set(told)) == len({json.dumps(ballot, sort_keys=True) for ballot in ballots}), "two ballots sound alike"


@by_kind
def test_nobody_moves_who_votes_the_same_again(kind: Any) -> None:
    paper, ballots = paper_of(kind), [answer for _, answer in EXAMPLES[kind.name].ballots]
    places = {person: kind.positions(kind.parse_answer(answer, paper), paper)
              for person, answer in enumerate(ballots)}
    again = movements(places, places)
    assert again
    assert {(one.moved, one.joined, one.left) for one in again.values()} == {(0, 0, 0)}
    turned = movements(places, {len(ballots) - 1 - person: place for person, place in places.items()})
    assert any(one.moved or one.joined for one in turned.values()), "the example ballots must differ"


@by_kind
def test_settings_survive_json(kind: Any) -> None:
    parsed = kind.parse_settings(EXAMPLES[kind.name].settings)
    assert json.loads(json.dumps(parsed)) == parsed


# What the answers of the kinds call their parts.
FIELDS = ("choice", "chosen", "approved", "votes", "estimates", "texts", "outside")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["o1", "o2", "o3", "o9", "", "ratings", "points", "abstain", *FIELDS]) | st.text(max_size=4),
        inner, max_size=4), max_leaves=8)


def read_or_refused(kind: Any, raw: Any) -> None:
    """Either a canonical answer that can be counted, or Invalid with a message for each key."""
    paper = paper_of(kind)
    errors = None
    try:
        answer = kind.parse_answer(raw, paper)
    except Invalid as refusal:
        errors = refusal.errors
    if errors is not None:
        assert errors
        assert all(isinstance(key, str) and isinstance(text, str) and text for key, text in errors.items())
        return
    assert json.loads(json.dumps(answer)) == answer
    kind.tally([answer], paper, headcount=Headcount(invited=1, entitled=1), rule=rule_of(kind))
    assert_told(kind, answer, paper)


def assert_told(kind: Any, answer: Any, paper: Paper) -> None:
    """The ballot says something about the paper's options or the whole, whatever order its parts are stored in."""
    said, places = kind.describe(answer, paper), kind.positions(answer, paper)
    assert said, f"{kind.name}: nothing is said of {answer}"
    assert set(said) | set(places) <= {"", *paper.keys}
    assert all(isinstance(words, str) and words for words in said.values())
    assert all(isinstance(place, int | float | str) and not isinstance(place, bool) for place in places.values())
    backwards = {name: dict(reversed(part.items())) if isinstance(part, dict) else part
                 for name, part in reversed(answer.items())}
    assert (kind.describe(backwards, paper), kind.positions(backwards, paper)) == (said, places)
    # An option that is gone is passed over, and what is said of the others stays.
    shorter = Paper(options=paper.options[1:], settings=paper.settings)
    assert set(kind.describe(answer, shorter)) | set(kind.positions(answer, shorter)) <= {"", *shorter.keys}
    none_left = Paper(options=(), settings=paper.settings)
    assert set(kind.describe(answer, none_left)) | set(kind.positions(answer, none_left)) <= {""}


@by_kind
@given(raw=JSON)
@fuzzed
def test_any_payload_is_read_or_refused_by_key(kind: Any, raw: Any) -> None:
    read_or_refused(kind, raw)


@by_kind
@given(ratings=st.dictionaries(st.sampled_from(["o1", "o2", "o3", "o4"]), JSON))
@fuzzed
def test_any_value_for_an_option_is_read_or_refused_by_key(kind: Any, ratings: dict[str, Any]) -> None:
    for raw in (ratings, {"ratings": ratings}, {"points": ratings}, *({name: ratings} for name in FIELDS)):
        read_or_refused(kind, raw)


@by_kind
@given(data=st.data())
@fuzzed
def test_any_form_is_read_or_refused_by_key(kind: Any, data: st.DataObject) -> None:
    names = [prefix + key for prefix in EXAMPLES[kind.name].prefixes for key in ("o1", "o2", "o3", "o4", "")]
    values = st.text(max_size=6) | st.sampled_from(["1", "01", " 2", "-1", "٣", "²", "9" * 5000, "1.0", "x", "nan"])
    form = data.draw(st.dictionaries(st.sampled_from([*names, "abstain", "key"]), values))
    read_or_refused(kind, kind.read_form(form))


@by_kind
@given(data=st.data())
@fuzzed
def test_any_settings_are_read_or_refused_by_field(kind: Any, data: st.DataObject) -> None:
    fields = st.sampled_from(sorted(kind.parse_settings({})))
    raw = data.draw(st.dictionaries(fields, st.text(max_size=70) | st.sampled_from(["9" * 5000, "0", "-1", "²"])))
    names, errors, parsed = set(kind.parse_settings({})), None, {}
    try:
        parsed = kind.parse_settings(raw)
    except Invalid as refusal:
        errors = refusal.errors
    if errors is None:
        assert set(parsed) == names
    else:
        assert errors
        assert set(errors) <= names


@by_kind
def test_kind_says_what_it_is(kind: Any) -> None:
    assert kind.label
    assert kind.description.endswith(".")
    assert isinstance(kind.takes_rule, bool)
    assert isinstance(kind.options_are_responses, bool)


def test_number_with_a_blank_that_int_refuses_is_read() -> None:
    assert form_number("0\x1f") == 0
    assert form_number("0\x1f0") == "0\x1f0"
