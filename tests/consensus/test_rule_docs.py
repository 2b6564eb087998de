"""The page about consensus rules names every rule, every setting with its default, and every choice."""

from pathlib import Path

import pytest

from sigforum.consensus.percentiles import QuantileConvention
from sigforum.consensus.rulebook import all_rules
from sigforum.consensus.verdicts import VerdictWord

PAGE = Path(__file__).resolve().parents[2] / "docs" / "consensus-rules.md"


def section_of(name):
    """The part of the page under the heading of this rule."""
    heading = f"### `{name}`"
    _, found, after = PAGE.read_text(encoding="utf-8").partition(heading)
    assert found, f"docs/consensus-rules.md has no heading {heading}; describe the rule there"
    return after.partition("\n### ")[0].partition("\n## ")[0]


@pytest.mark.parametrize("name", sorted(all_rules()))
def test_docs_describe_every_setting_of_a_rule(name):
    rule, section = all_rules()[name], section_of(name)
    assert rule.label in section
    for field in rule.fields:
        default = "by scale" if field.default is None else str(field.default).lower()
        row = next((line for line in section.splitlines() if line.startswith(f"| `{field.name}` |")), None)
        assert row is not None, (
            f"docs/consensus-rules.md: rule {name} has no row for its setting {field.name}"
        )
        assert row.split(" | ")[1].strip() == default
        assert [choice.value for choice in field.choices if f"`{choice.value}`" not in row] == []


def test_docs_name_every_verdict_and_convention():
    page = PAGE.read_text(encoding="utf-8")
    assert [word.value for word in VerdictWord if f"`{word.value}`" not in page] == []
    assert [word.label for word in VerdictWord if word.label not in page] == []
    assert [name.value for name in QuantileConvention if f"`{name.value}`" not in page] == []
