"""Ratings by stakeholder group, for rules that ask each group: kept when a round closes, and never told as they are."""

from collections.abc import Mapping
from typing import Any

from sigforum.ballots.domain import Answer, Paper
from sigforum.ballots.registry import kind_named
from sigforum.disclosure_control.joining import POOLED, standing_apart
from sigforum.disclosure_control.thresholds import FEWEST_IN_CHATHAM_GROUP

# Whether a group of fewer meets a condition would nearly say how each of them rated.
SMALLEST = FEWEST_IN_CHATHAM_GROUP
OTHERS = POOLED
# By option: the groups, each with its ratings in order.
Groups = dict[str, Any]


def ratings_by_group(answers: Mapping[int, Answer], paper: Paper, *, kind: str, groups: Mapping[int, str]) -> Groups:
    """The ratings of each option by group; `answers` and `groups` are by person.

    Groups of fewer than five who rated an option, and people in none, stand together; where that leaves one group
    alone, an option has no groups.
    """
    places = {person_id: kind_named(kind).positions(answer, paper) for person_id, answer in answers.items()}
    return {key: _joined({person_id: found[key] for person_id, found in places.items()
                          if isinstance(found.get(key), int)}, groups) for key in paper.keys}


def _joined(ratings: Mapping[int, Any], groups: Mapping[int, str]) -> list[list[Any]]:
    found: dict[str, list[int]] = {}
    for person_id, rating in ratings.items():
        found.setdefault(groups.get(person_id, ""), []).append(rating)
    apart = standing_apart({name: len(own) for name, own in found.items()}, smallest=SMALLEST)
    told = {name: own for name, own in found.items() if name in apart}
    if rest := [rating for name, own in found.items() if name not in apart for rating in own]:
        told[OTHERS] = rest
    return [[name, sorted(told[name])] for name in sorted(told)] if len(told) > 1 else []
