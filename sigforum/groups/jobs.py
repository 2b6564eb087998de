"""Work of groups: counting at the reveal, and looking for groups in the worker."""

from sigforum.ballots.models import Poll
from sigforum.extensions import Job
from sigforum.groups.actions import count_earlier, count_revealed, find_waiting
from sigforum.transaction import transaction


@Job
def wake_groups() -> None:
    """Look for groups wherever they are waited for."""
    find_waiting()


def count_at_the_reveal(poll: Poll, verb: str) -> None:
    """Declared groups are counted with the reveal itself; what takes longer is left to the worker."""
    if verb in ("reveal", "decide"):
        # The move's own transaction, which this one joins.
        with transaction() as tx:
            if count_revealed(poll):
                tx.after_commit(wake_groups)


def count_what_was_revealed_earlier() -> None:
    """Rounds that an earlier version of the software revealed, and what a killed worker left."""
    count_earlier()
    wake_groups()


def sweep_groups() -> None:
    """Look where the wake-up was lost."""
    find_waiting()
