"""The panel of these tests; see panel.py."""

import pytest

from tests.casting import Cast
from tests.summaries.panel import Panel, make_panel


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """A session that was discussed and has priorities, but no poll yet."""
    return make_panel(cast)
