"""Without a name nobody is told the minute; what is not told of any line is said once."""

import json
from datetime import UTC, datetime

import pytest

from sigforum.summaries import assemble
from sigforum.summaries.registry import format_named
from sigforum.transaction import transaction
from tests.summaries.panel import Panel


@pytest.mark.parametrize("name", ["json", "csv", "markdown", "html", "jats"])
def test_words_without_a_name_tell_no_minute(panel: Panel, name: str) -> None:
    moment = datetime(2026, 6, 16, 14, 37, 11, tzinfo=UTC)
    with transaction():
        panel.forum_session.attribution = "chatham"
    said = panel.say("ben", "Closed systems come first.")
    with transaction():
        said.posted_at = moment
    document = assemble.working_summary(panel.forum_session)
    text = format_named(name).write(document).decode()
    assert "Closed systems come first." in text
    assert f"{moment:%H:%M}" not in text
    assert json.dumps(document.to_json()).count("2026-06-16T00:00:00Z") == 1


def test_what_is_told_of_no_line_is_said_once_for_the_poll(panel: Panel) -> None:
    panel.rate()
    text = format_named("markdown").write(assemble.session_summary(panel.forum_session)).decode()
    assert text.count("Fewer than three voters declared an interest") == 1
