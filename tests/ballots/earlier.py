"""Polls under the terms of earlier rounds, for stories in which two people vote and something else is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def earlier_terms() -> Iterator[None]:
    """Polls that are opened inside tell a result of one or two hidden ballots, as rounds of earlier versions do."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("sigforum.ballots.models.FEWEST_HIDDEN_BALLOTS", 0)
        yield
