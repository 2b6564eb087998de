"""The published schema: equal to the program's values, valid itself, and true of every file."""

import json
from copy import deepcopy

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from sigforum.exports.cli import print_schema
from sigforum.resources import resource
from sigforum.summaries import assemble
from sigforum.summaries.document.schema import FILE_NAME, schema, schema_text
from sigforum.summaries.formats.json_data import FORMAT as JSON
from tests.summaries.panel import Panel


def test_schema_file_is_the_one_in_force() -> None:
    kept = resource("templates").parent / "docs" / "schema" / FILE_NAME
    assert kept.read_text(encoding="utf-8") == schema_text(), (
        f"write it again: sigforum summary schema > docs/schema/{FILE_NAME}")


def test_schema_is_valid_itself() -> None:
    Draft202012Validator.check_schema(schema())
    names = schema()["$defs"]
    assert {"SummaryDocument", "MeetingSummary", "PollLine", "Method", "ChecklistItem", "Synthesis"} <= names.keys()
    assert all(one["description"] for one in names.values())


@pytest.mark.parametrize("attribution", ["named", "role", "chatham"])
def test_schema_describes_every_file(panel: Panel, attribution: str) -> None:
    panel.rate()
    panel.attribute(attribution)
    for summary in (assemble.session_summary(panel.forum_session),
                    assemble.session_summary(panel.cast.forum_session("1B")),
                    assemble.meeting_summary(panel.forum_session.meeting)):
        Draft202012Validator(schema()).validate(json.loads(JSON.write(summary)))


def test_schema_refuses_what_is_no_summary(panel: Panel) -> None:
    panel.rate()
    good = json.loads(JSON.write(assemble.session_summary(panel.forum_session)))
    for break_it in (lambda found: found.pop("polls"), lambda found: found.update(schema_version=2),
                     lambda found: found["participation"].update(invited="ten"),
                     lambda found: found["polls"][0]["lines"][0].update(text=None)):
        bad = deepcopy(good)
        break_it(bad)
        with pytest.raises(ValidationError):
            Draft202012Validator(schema()).validate(bad)


def test_schema_is_public_and_printed(sign_in) -> None:
    answer = sign_in(None).get("/schema/summary-1.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/schema+json"
    assert answer.get_data(as_text=True) == schema_text()
    assert CliRunner().invoke(print_schema).output == schema_text()
