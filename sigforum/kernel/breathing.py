"""Rests in the middle of long computations, so that one loop goes on serving others.

Whatever computes calls `breathe` between two pieces of its work. In a process that serves people this lets the loop
look after them; everywhere else it does nothing. The numbers are the same with and without.
"""

from collections.abc import Callable


def _nothing() -> None:
    """What commands and workers do between two pieces: they serve nobody meanwhile."""


_rests: list[Callable[[], None]] = [_nothing]


def breathe() -> None:
    """Let others have their turn, where somebody waits for one."""
    _rests[-1]()


def breathe_by(rest: Callable[[], None]) -> None:
    """From now on in this process, `rest` is what is done between two pieces."""
    _rests[:] = [rest]
