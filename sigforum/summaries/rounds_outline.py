"""What is said once of a poll: every round side by side, and why something is told of none of its lines."""

from sigforum.consensus.percentiles import number_text
from sigforum.summaries.blocks import Table
from sigforum.summaries.document.polls import PollSummary


def rounds_table(poll: PollSummary) -> Table | None:
    """Each statement in each round, so that earlier verdicts stand beside the newest; None for a single round."""
    rows = [(line.text, str(asked.number), f"{line.answered} of {asked.entitled}",
             line.share.text if line.share else "–", "–" if line.median is None else number_text(line.median),
             line.label or "–", ", ".join(f"{step.step}: {step.count}" for step in line.distribution if step.count))
            for asked in poll.rounds for line in asked.results]
    order = {text: place for place, text in enumerate(dict.fromkeys(row[0] for row in rows))}
    if not rows:
        return None
    return Table(caption=f"Every round of “{poll.title}”.", words=frozenset({0, 3, 5, 6}),
                 columns=("Statement", "Round", "Answered", "Share", "Median", "Verdict", "How many chose each"),
                 rows=tuple(sorted(rows, key=lambda row: (order[row[0]], row[1]))))


def whole_texts(poll: PollSummary) -> tuple[str, ...]:
    """What is told of all statements together."""
    return (f"All statements together: {poll.whole_text}",) if poll.whole_text else ()


def untold_texts(poll: PollSummary) -> tuple[str, ...]:
    """Why verdicts without those who declared an interest are not told: once for the poll, not under each line."""
    return tuple(dict.fromkeys(line.without_declared_text for line in poll.lines
                               if line.without_declared is None and line.without_declared_text))
