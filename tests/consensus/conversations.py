"""Real conversations that the opinion groups are held against: votes, and what others made of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sigforum.consensus.files.votes import read_votes
from sigforum.consensus.opinion.vote_matrix import VoteMatrix, matrix_from_bytes, matrix_of

# Those whose groups another pipeline finds again; the sixth has no stable optimum.
OPEN_DATA = ("brexit-consensus", "scoop-hivemind.ubi", "scoop-hivemind.biodiversity", "vtaiwan.uberx",
             "american-assembly.bowling-green")
PUBLISHED = ("below-100-ptpts", "25ptpt-3gp-no-strict-with-meta", "150ptpt-3gp-no-strict-no-meta")


@dataclass(frozen=True, eq=False)
class Conversation:
    """The votes, what was found in them elsewhere, and the statements that were moderated out."""

    matrix: VoteMatrix
    expected: dict[str, Any]
    excluded: tuple[str, ...]


def open_conversation(shared: Path, name: str) -> Conversation:
    """A conversation of the open data with the reference of an independent pipeline."""
    folder = shared / "data" / "opendata" / name
    if not (folder / "reference.json").exists():
        pytest.skip(f"the open data of {name} are not here")
    expected = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    sheet = read_votes((folder / "participants-votes.csv").read_bytes())
    matrix = matrix_from_bytes(sheet.votes.tobytes(), people=sheet.people, statements=sheet.statements)
    # The reference leaves out statements that nobody saw, and people who saw none.
    columns = [place for place, each in enumerate(matrix.statements) if each in expected["statement_pc1"]]
    rows = [place for place, person in enumerate(matrix.people) if person in expected["participant_xy"]]
    kept = VoteMatrix(tuple(matrix.people[row] for row in rows), tuple(matrix.statements[one] for one in columns),
                      matrix.votes[rows][:, columns])
    return Conversation(kept, expected, tuple(map(str, expected["mod_out_statement_ids"])))


def published_conversation(shared: Path, name: str) -> tuple[Conversation, dict[str, Any]]:
    """A conversation with Polis's own output, and the components in it."""
    folder = shared / "data" / "polis_published" / name
    if not (folder / "published.json").exists():
        pytest.skip(f"the published conversation {name} is not here")
    expected = json.loads((folder / "published.json").read_text(encoding="utf-8"))
    maths = json.loads((folder / "math-pca2.json").read_text(encoding="utf-8"))
    votes: dict[str, dict[str, int]] = {}
    for each in sorted(json.loads((folder / "votes.json").read_text(encoding="utf-8")),
                       key=lambda each: int(each["modified"])):
        person = str(each.get("pid", each.get("participant_id")))
        votes.setdefault(person, {})[str(each.get("tid", each.get("statement_id")))] = each["vote"]
    statements = [str(each) for each in maths["tids"]]
    return Conversation(matrix_of(votes, statements=statements), expected,
                        tuple(map(str, expected["mod_out_statement_ids"]))), maths
