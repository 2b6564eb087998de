"""The sentence of a verdict and the table beside it: every share stands in both, and nothing is said twice."""

import random
import re
from collections import Counter
from typing import Any

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.registry import kind_named
from sigforum.summaries.poll_results import poll_lines

SHARE = re.compile(r"\b(\d+) of (\d+)\b")
RAND = ("for", "against", "none", "split", "few")
# Rule, settings of the form, and the verdicts it can give.
RULES = [
    ("percent_agreement", {}, RAND[:3]),
    ("percent_agreement", {"for_from": "8", "against_to": "2", "who_counts": "answered"}, RAND[:3]),
    ("percent_agreement", {"who_counts": "entitled", "minimum_voters": "1"}, RAND[:3]),
    ("seventy_fifteen", {}, RAND[:3]),
    ("seventy_fifteen", {"for_from": "6", "against_to": "4"}, RAND[:3]),
    ("median_iqr", {}, RAND[:3]),
    ("median_iqr", {"maximum_iqr": "1", "minimum_voters": "1"}, RAND[:3]),
    ("rand_ucla", {}, RAND[:4]),
    ("rand_ucla", {"needed": "no_disagreement", "allow_small_panel": "yes"}, RAND[:4]),
    ("rand_ucla", {"disagreement": "ipras"}, RAND[:4]),
    ("two_thirds", {}, RAND[:3]),
    ("two_thirds", {"majority_of": "entitled", "quorum": "10"}, RAND[:3]),
    ("two_thirds", {"majority_of": "answered", "majority": "1/2"}, RAND[:3]),
]
WORDS = {"consensus_for": "for", "consensus_against": "against", "no_consensus": "none", "disagreement": "split",
         "too_few": "few"}
WEIGHTS = {"for": (0, 0, 0, 0, 0, 1, 6, 8, 6), "against": (6, 8, 6, 1, 0, 0, 0, 0, 0),
           "split": (5, 3, 1, 0, 0, 0, 1, 3, 5), "middle": (0, 0, 1, 4, 8, 4, 1, 0, 0), "any": (1,) * 9}


def rounds(rule: str, given: dict[str, str]) -> Any:
    """Results of random ballots under a rule that is declared now."""
    kind_name = "motion" if rule == "two_thirds" else "rating"
    data = parse_poll({"kind": kind_name, "title": "T", "statements": "A", "rule": rule,
                       **{f"{rule}-{name}": value for name, value in given.items()}})
    paper = Paper(options=(PaperOption(key="a", text="A"),), settings=data.settings)
    draw = random.Random(f"{rule} {given}")
    for _ in range(120):
        people = draw.choice((1, 2, 4, 8, 9, 14, 18, 21, 30))
        weights = WEIGHTS[draw.choice(tuple(WEIGHTS))]
        ratings = draw.choices(range(1, 10), weights, k=people)
        sides = [("yes" if rating > 6 else "no" if rating < 4 else draw.choice(("yes", "no", "abstain")))
                 for rating in ratings]
        answers: list[dict[str, Any]] = (
            [{"votes": {"a": side}} for side in sides] if kind_name == "motion" else
            [{"ratings": {"a": rating if draw.random() > .1 else "x"}} for rating in ratings])
        answers += [{"abstain": True}] * draw.choice((0, 0, 1, 2))
        entitled = len(answers) + draw.choice((0, 1, 5))
        yield kind_named(kind_name).tally(
            answers, paper, headcount=Headcount(invited=entitled, entitled=entitled, recused=0), rule=data.rule)


@pytest.mark.parametrize(("rule", "given", "verdicts"), RULES, ids=[f"{rule} {given}" for rule, given, _ in RULES])
def test_every_share_of_a_sentence_stands_once_in_it_and_in_the_table_beside_it(
        rule: str, given: dict[str, str], verdicts: tuple[str, ...]) -> None:
    seen = set()
    for result in rounds(rule, given):
        (line,) = poll_lines(result)
        assert line.verdict is not None
        seen.add(WORDS[line.verdict.word])
        sentence = line.verdict.because
        table = {share for text in (*(figure.text for figure in line.figures), result.text)
                 for share in SHARE.findall(text)}
        assert set(SHARE.findall(sentence)) <= table, sentence
        bare = re.sub(r" \([^()]*\)", "", sentence)
        clauses = Counter(clause.strip(" .") for clause in re.split(r"[;,.] |, where | and ", bare))
        assert [clause for clause, times in clauses.items() if times > 1] == [], sentence
    assert set(verdicts) <= seen


@pytest.mark.parametrize(("rule", "given", "verdicts"), RULES, ids=[f"{rule} {given}" for rule, given, _ in RULES])
def test_every_sentence_is_one_that_a_person_would_write(rule: str, given: dict[str, str], verdicts: tuple[str, ...]
                                                         ) -> None:
    for result in rounds(rule, given):
        (line,) = poll_lines(result)
        assert line.verdict is not None
        for sentence in re.split(r"(?<=[a-z%)])\. ", line.verdict.because):
            assert len({total for _, total in SHARE.findall(sentence)}) <= 1, sentence
        because = line.verdict.because
        assert re.search(r"\([^()]*\(", because) is None, because
        assert re.search(r"\b1 (?:ratings|people|votes)\b|median (?:is|of \d+ ratings is) \d+\.0\b", because) is None
        assert because.endswith(".")
