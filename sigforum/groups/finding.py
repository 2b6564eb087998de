"""Groups found in a round's votes; only the worker calls this, and loads numpy for it."""

from collections.abc import Sequence
from typing import Any

from sigforum.ballots.domain import Answer, Paper
from sigforum.consensus.group_consensus import AGREE, DISAGREE, PASS

VOTES = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
# People times statements up to which shuffled votes are grouped too; it takes a score of times as long.
MOST_CELLS_SHUFFLED = 400_000


def found_groups(answers: Sequence[Answer], paper: Paper, *, has_dots: bool) -> dict[str, Any]:
    """The report of `consensus/opinion` on some ballots, as plain values; without the dots of its map unless asked."""
    # The web process imports this file with its feature, and must not load numpy with it.
    from sigforum.consensus.opinion.chance import chance_text  # noqa: PLC0415 - see above
    from sigforum.consensus.opinion.report import opinion_report  # noqa: PLC0415 - see above
    from sigforum.consensus.opinion.vote_matrix import matrix_of  # noqa: PLC0415 - see above

    votes = {str(place): {key: VOTES[word] for key, word in answer.get("votes", {}).items()
                          if word in VOTES and key in paper.keys} for place, answer in enumerate(answers)}
    matrix = matrix_of(votes, statements=paper.keys)
    told = opinion_report(matrix)
    told["chance"] = ""
    if not told["refused"]:
        is_small = len(votes) * len(paper.keys) <= MOST_CELLS_SHUFFLED
        told["chance"] = chance_text(matrix) if is_small else "Votes this many were not shuffled for comparison"
    if "map" in told and not has_dots:
        told["map"]["points"] = []
    return told
