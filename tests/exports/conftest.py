"""The panel of these tests, and formats that are only dropped into the folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casting import Cast
from tests.exports.worker import BROKEN, SLOW, dropped_in
from tests.summaries.panel import Panel, make_panel


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """A session that was discussed and has priorities, but no poll yet."""
    return make_panel(cast)


@pytest.fixture
def broken_format(tmp_path: Path) -> Iterator[None]:
    """A format that cannot be written."""
    with dropped_in(BROKEN, folder=tmp_path, name="zzz_broken"):
        yield


@pytest.fixture
def slow_format(tmp_path: Path) -> Iterator[None]:
    """A format during whose writing something happens; see MEANWHILE."""
    with dropped_in(SLOW, folder=tmp_path, name="aaa_slow"):
        yield
