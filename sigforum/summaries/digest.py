"""What the numbers say, by templates alone: counts of verdicts, priorities and people, and no sentence beyond them."""

from collections import Counter
from collections.abc import Iterator

from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.wording import gist
from sigforum.web.rendering import plural

_VERDICTS = (("consensus_for", "consensus for"), ("consensus_against", "consensus against"),
             ("no_consensus", "no consensus"), ("disagreement", "disagreement"), ("too_few", "too few to say"))


def digest(document: SummaryDocument) -> tuple[str, ...]:
    """The sentences, each a count that the sections below repeat."""
    return (*_people(document), *_verdicts(document), *_priorities(document))


def _people(document: SummaryDocument) -> Iterator[str]:
    found = document.participation
    rest = f" ({found.outcomes_text})" if found.outcomes_text else ""
    yield (f"{found.accepted} of {found.invited} invited people accepted{rest}; "
           f"{plural(found.responses, 'response')} and {plural(found.replies, 'reply', 'replies')} were posted.")


def _verdicts(document: SummaryDocument) -> Iterator[str]:
    judged = [line.verdict.word for poll in document.polls for line in poll.lines if line.verdict is not None]
    if judged:
        counts = Counter(judged)
        parts = [f"{counts[word]} {words}" for word, words in _VERDICTS if counts[word]]
        yield f"Of {plural(len(judged), 'statement')} judged by a rule: {', '.join(parts)}."
    hidden = sum(not poll.is_revealed for poll in document.polls)
    if hidden:
        yield (f"The result of {plural(hidden, 'poll')} "
               f"{'was not revealed when this version was published' if document.is_frozen else 'is not revealed'}.")


def _priorities(document: SummaryDocument) -> Iterator[str]:
    found = document.priorities
    first = [item for item in found.items if item.rank == 1 and item.points] if found else []
    if first:
        tied = f", together with {plural(len(first) - 1, 'other')}" if len(first) > 1 else ""
        yield (f"First priority{tied}: “{gist(first[0].text, most=18)}” ({plural(first[0].points, 'point')} from "
               f"{plural(first[0].voters, 'person', 'people')}, at most {first[0].largest_single} from one).")
