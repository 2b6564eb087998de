"""From what is told of groups in a round to the document's part of it."""

from sigforum.ballots.models import Poll, Round
from sigforum.groups import domain, queries
from sigforum.people.domain import Audience
from sigforum.summaries.document.groups import FoundGroup, FoundGroups, GroupSize, GroupsLine, PollGroups, Readout


def poll_groups(poll: Poll, newest: Round, *, audience: Audience) -> PollGroups | None:
    """What is told of groups in a poll's newest round; None before its result is revealed."""
    told = queries.groups_of(poll, newest, audience)
    if told is None:
        return None
    declared = told.declared or domain.DeclaredGroups()
    return PollGroups(
        counted=declared.counted, refused=declared.refused,
        groups=tuple(GroupSize(label=label, voters=voters) for label, voters in declared.groups),
        lines=tuple(GroupsLine(key=line.key, text=line.text, cells=tuple(cell.words for cell in line.cells),
                               count=line.count, shared=line.shared) for line in declared.lines),
        found=_found(told.found) if told.found else None)


def _found(found: domain.FoundGroups) -> FoundGroups:
    return FoundGroups(
        text=found.text, refused=found.refused, chance=found.chance, drawn=found.drawn,
        groups=tuple(FoundGroup(name=one.name, people=one.people, statements=_readouts(one.statements))
                     for one in found.groups), shared=_readouts(found.shared))


def _readouts(pairs: tuple[tuple[str, str], ...]) -> tuple[Readout, ...]:
    return tuple(Readout(text=text, words=words) for text, words in pairs)
