"""A rule that its form offers for stakeholder groups is asked of each of them, as people chose it there."""

from sigforum.ballots import queries
from sigforum.consensus.rule_fields import FieldKind
from sigforum.consensus.rulebook import rule_named
from tests.ballots.polling import make_poll, move, vote
from tests.casting import Cast
from tests.groups.room import seat

# Two thirds of the clinicians rate it in the middle; all patients rate it high.
OUTVOTED = {"Clinicians": [8] * 5 + [5] * 10, "Patients": [8] * 5}


def judged(cast: Cast, ratings: dict[str, list[int]], rule: str, **settings: str) -> str:
    """The word on the one statement of a revealed poll, rated by group as told."""
    names = seat(cast, {group: len(own) for group, own in ratings.items()})
    poll = make_poll(cast, upto="open", rule=rule, statements="Closed systems come first.",
                     **{f"{rule}-{name}": value for name, value in settings.items()})
    (key,) = queries.paper(poll, poll.rounds[-1]).keys
    for group, own in ratings.items():
        for name, rating in zip(names[group], own, strict=True):
            vote(cast, name, poll, {"ratings": {key: rating}})
    move(cast, poll, "close")
    move(cast, poll, "reveal")
    (line,) = queries.result(poll, poll.rounds[-1]).lines
    assert line.verdict is not None
    return line.verdict.word


def test_half_or_fewer_is_not_met_by_outvoting_a_group(cast: Cast) -> None:
    # Trials 19 (2018) s13063-018-2805-2, table 3: "50 % or fewer ... in each stakeholder group".
    (variant,) = (field for field in rule_named("seventy_fifteen").fields if field.name == "variant")
    (half,) = (choice.value for choice in variant.choices if "50 % or fewer" in choice.label)
    assert judged(cast, OUTVOTED, "seventy_fifteen", variant=half) == "no_consensus"


def test_rule_offers_to_ask_each_group(cast: Cast) -> None:
    offered = [field.name for field in rule_named("percent_agreement").fields
               if field.kind is FieldKind.BOOLEAN and "stakeholder group" in field.label]
    assert len(offered) == 1
    found = judged(cast, {"Industry": [8] * 12, "Patients": [8, 8, 5, 5, 5]}, "percent_agreement", **{offered[0]: "on"})
    assert found == "no_consensus"
