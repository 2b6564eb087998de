"""The schema that a recount reads is the published one, and its shapes of sheets have what polls are declared with."""

from pathlib import Path

from sigforum.ballots.registry import all_kinds
from sigforum.consensus.rule_fields import FIRST_VERSION, NEWEST_VERSION
from sigforum.consensus.rulebook import all_rules
from sigforum.summaries.document.summary import SCHEMA_VERSION as WRITTEN
from sigforum.verification.counting.kinds import COUNTS
from sigforum.verification.document import SCHEMA_VERSION
from sigforum.verification.shapes import PUBLISHED, published
from sigforum.verification.sheet_shapes import RULES, SETTINGS, VERSIONS


def test_schema_that_verify_reads_is_the_published_one() -> None:
    kept = Path(__file__).parents[2] / "docs" / "schema" / PUBLISHED.name
    assert PUBLISHED.read_text("utf-8") == kept.read_text("utf-8"), f"copy {kept} to {PUBLISHED}"


def test_shapes_of_sheets_have_what_polls_are_declared_with() -> None:
    """A setting that is missing there would make every new sheet differ."""
    hint = "add it to sigforum/verification/sheet_shapes.py"
    assert SETTINGS.keys() == COUNTS.keys() == all_kinds().keys(), hint
    for name, kind in all_kinds().items():
        raw = {"criteria": "Cost"} if name == "matrix" else {}
        assert kind.parse_settings(raw).keys() <= SETTINGS[name].keys(), hint
    for name, rule in all_rules().items():
        assert {field.name for field in rule.fields} == RULES[name].keys(), hint
        for field in rule.fields:
            offered = {choice.value for choice in field.choices}
            assert not offered or offered <= {one["const"] for one in RULES[name][field.name]["anyOf"]}, hint
    assert tuple(range(FIRST_VERSION, NEWEST_VERSION + 1)) == VERSIONS, hint
    assert SCHEMA_VERSION == WRITTEN == published()["$defs"]["SummaryDocument"]["properties"]["schema_version"]["const"]
