"""Opinion groups of one file of votes, with the measure of chance beside them."""

from collections.abc import Sequence

from sigforum.consensus.group_consensus import OPINION_GROUPS_FROM, uses_opinion_groups
from sigforum.consensus.opinion.chance import describe_chance, shuffled_silhouettes
from sigforum.consensus.opinion.grouping import find_groups
from sigforum.consensus.opinion.report import opinion_report
from sigforum.consensus.opinion.vote_matrix import VoteMatrix
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.kernel.words import number_of

TOP = 5


def groups_report(matrix: VoteMatrix, *, excluded: Sequence[str] = (), with_chance: bool = False) -> Readout:
    """The report; `with_chance` also groups shuffled votes, which takes a score of times as long."""
    figures = opinion_report(matrix, excluded=excluded)
    figures |= {"voters": len(matrix.people), "statements": len(matrix.statements), "excluded": list(excluded)}
    lines = [f"{number_of(len(matrix.people), 'person', 'people')}, "
             f"{number_of(len(matrix.statements), 'statement')}.", figures["text"]]
    if not uses_opinion_groups(figures["people"]):
        lines.append(f"Under {OPINION_GROUPS_FROM} people the declared stakeholder groups say more.")
    if with_chance and not figures["refused"]:
        chance = shuffled_silhouettes(matrix, excluded=excluded)
        figures["chance"] = list(chance)
        lines.append(sentence(describe_chance(find_groups(matrix, excluded=excluded), chance)))
    for group in figures.get("groups", ()):
        lines += ["", f"Group {group['name']}, {group['people']} people"]
        lines += [f"  {one['statement']}: {one['text']}" for one in group["statements"]]
    if "shared" in figures:
        lines += ["", "Most agreed over all groups"]
        lines += [f"  {row['statement']}: {row['text']}" for row in figures["shared"][:TOP]]
    return Readout(figures, tuple(lines))
