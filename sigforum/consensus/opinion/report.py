"""The groups of one set of votes as plain values, ready to be stored as JSON and shown without numpy."""

from collections.abc import Collection, Mapping
from typing import Any

from sigforum.consensus.group_consensus import GroupVotes, describe_shared_vote, shared_vote
from sigforum.consensus.opinion.grouping import OpinionGroups, describe_groups, find_groups
from sigforum.consensus.opinion.opinion_map import OpinionMap, opinion_map
from sigforum.consensus.opinion.vote_matrix import VoteMatrix, count_groups
from sigforum.consensus.representative import Representative, describe_representative, representative_statements

EXPLORATORY = "exploratory"
# 1 found other directions in tables of few, and cut even one statement into groups; reports without a number are of it.
METHOD = 2


def opinion_report(matrix: VoteMatrix, *, excluded: Collection[str] = ()) -> dict[str, Any]:
    """The groups with their sizes, their statements, agreement over groups, and the map, or why there are none.

    Nobody's name is in it. It is the same for the same votes.
    """
    found = find_groups(matrix, excluded=excluded)
    told: dict[str, Any] = {
        "label": EXPLORATORY, "method": METHOD, "text": describe_groups(found), "refused": found.refused,
        "people": found.people, "seed": found.seed, "restarts": found.restarts, "splits": [
            {"groups": count, "sizes": list(split.sizes), "silhouette": split.silhouette, "inertia": split.inertia,
             "struck": split.struck} for count, split in found.tried.items()]}
    if found.labels is None or found.components is None:
        return told
    votes = count_groups(matrix, found.labels, names=found.names)
    kept = [statement for statement in matrix.statements if statement not in set(excluded)]
    chosen = representative_statements(votes, excluded=excluded)
    told["variance_shares"] = found.components.shares.tolist()
    told["groups"] = [{"name": name, "people": size, "statements": [_statement(one) for one in chosen[name]]}
                      for name, size in zip(found.names, found.chosen.sizes if found.chosen else (), strict=True)]
    told["shared"] = shared_statements(votes, kept)
    told["map"] = _map(drawn_map(found))
    return told


def shared_statements(votes: Mapping[str, Mapping[str, GroupVotes]], statements: Collection[str]
                      ) -> list[dict[str, Any]]:
    """Agreement over groups by statement, highest first, with each group's counts; groups found or declared."""
    rows = []
    for statement in statements:
        groups = {name: by_statement[statement] for name, by_statement in votes.items()}
        shared = shared_vote(list(groups.values()))
        rows.append({"statement": statement, "agree": shared.agree, "disagree": shared.disagree,
                     "text": describe_shared_vote(groups),
                     "votes": {name: [one.agree, one.disagree, one.seen] for name, one in groups.items()}})
    return sorted(rows, key=lambda row: -float(str(row["agree"])))


def drawn_map(found: OpinionGroups) -> OpinionMap:
    """The map of those who were grouped; raises ValueError where there are no groups."""
    if found.labels is None or found.components is None:
        raise ValueError("without groups there is no map")
    rows = [(tuple(place), found.names[label]) for place, label in
            zip(found.components.points.tolist(), found.labels.tolist(), strict=True) if label >= 0]
    return opinion_map([(place[0], place[1]) for place, _ in rows], [name for _, name in rows])


def _map(drawn: OpinionMap) -> dict[str, Any]:
    return {"width": drawn.width, "height": drawn.height, "words": drawn.words,
            "points": [[point.x, point.y, point.group] for point in drawn.points],
            "groups": [{"name": group.name, "people": group.people, "outline": [list(one) for one in group.outline],
                        "label": list(group.label)} for group in drawn.groups]}


def _statement(chosen: Representative) -> dict[str, Any]:
    side = chosen.side
    return {"statement": side.statement, "for": "agree" if side.agrees else "disagree", "count": side.count,
            "seen": side.seen, "chance": side.chance, "chance_z": side.chance_z, "ratio": side.ratio,
            "ratio_z": side.ratio_z, "best_agreed": chosen.is_best_agreed, "text": describe_representative(chosen)}
