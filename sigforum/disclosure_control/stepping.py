"""How a result that is watched while people vote moves: by several people at once, and never by one.

Whoever sees a total before and after one person acted knows what that person did. So a watched result is the count as
of a moment behind which several people have voted or changed their votes since. The count at the close differs from
what was shown last by several people too, even where one of them is recused just before it.
"""

from dataclasses import dataclass

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Two places in the log of changes: up to `shown` it is counted for those who watch, and `held` is where the next
    step will end."""

    shown: int = 0
    held: int = 0


def moved_on(steps: Steps, *, people_since: int, newest: int) -> Steps:
    """The steps after new changes: `people_since` people have changed something behind `held`, and `newest` is the
    last change there is."""
    if people_since < FEWEST_PEOPLE:
        return steps
    return Steps(shown=steps.held, held=newest)
