"""Votes of many people on many statements as one table of small numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigforum.consensus.group_consensus import AGREE, DISAGREE, PASS, GroupVotes

UNSEEN = -128


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """`votes` has a row a person and a column a statement: 1 agree, 0 pass, -1 disagree, -128 unseen.

    Raises ValueError where the shape does not fit the names or a vote is none of these.
    """

    people: tuple[str, ...]
    statements: tuple[str, ...]
    votes: NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.votes.shape != (len(self.people), len(self.statements)):
            raise ValueError("the table of votes has a row for each person and a column for each statement")
        if not np.isin(self.votes, (AGREE, PASS, DISAGREE, UNSEEN)).all():
            raise ValueError("a vote is 1, 0 or -1")

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where somebody voted at all."""
        return self.votes != UNSEEN


def matrix_of(votes: Mapping[str, Mapping[str, int]], *, statements: Sequence[str]) -> VoteMatrix:
    """The table of ballots by person and statement; raises ValueError for a statement that is not named."""
    place = {statement: column for column, statement in enumerate(statements)}
    table = np.full((len(votes), len(place)), UNSEEN, dtype=np.int8)
    for row, ballot in enumerate(votes.values()):
        for statement, vote in ballot.items():
            if statement not in place:
                raise ValueError(f"{statement!r} is not among the statements")
            table[row, place[statement]] = vote
    return VoteMatrix(tuple(votes), tuple(statements), table)


def matrix_from_bytes(votes: bytes, *, people: Sequence[str], statements: Sequence[str]) -> VoteMatrix:
    """The table of votes that lie one after the other, a signed byte each; raises ValueError where they do not fit."""
    table = np.frombuffer(votes, dtype=np.int8)
    return VoteMatrix(tuple(people), tuple(statements), table.reshape(len(people), len(statements)))


def count_groups(matrix: VoteMatrix, labels: NDArray[np.intp], *, names: Sequence[str]
                 ) -> dict[str, dict[str, GroupVotes]]:
    """By group and statement the counts of votes; `labels` has the place in `names` of each row, -1 for none."""
    found = {}
    for place, name in enumerate(names):
        rows = matrix.votes[labels == place]
        counts = zip((rows == AGREE).sum(axis=0).tolist(), (rows == DISAGREE).sum(axis=0).tolist(),
                     (rows != UNSEEN).sum(axis=0).tolist(), strict=True)
        found[name] = {statement: GroupVotes(*three)
                       for statement, three in zip(matrix.statements, counts, strict=True)}
    return found
