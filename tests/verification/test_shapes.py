"""The schema that a recount reads is the published one."""

from pathlib import Path

from sigforum.verification.shapes import PUBLISHED


def test_schema_that_verify_reads_is_the_published_one() -> None:
    kept = Path(__file__).parents[2] / "docs" / "schema" / PUBLISHED.name
    assert PUBLISHED.read_text("utf-8") == kept.read_text("utf-8"), f"copy {kept} to {PUBLISHED}"
