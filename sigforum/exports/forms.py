"""Reading which file is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from sigforum.exports.domain import BUNDLE
from sigforum.kernel.errors import Invalid
from sigforum.summaries.registry import all_formats


@dataclass(frozen=True, kw_only=True)
class WantedExport:
    """A file to be made: of one forum session by its code, or of the whole meeting (None)."""

    code: str | None
    format: str


def parse_export(form: Mapping[str, str]) -> WantedExport:
    """The chosen file: `session` is a code, empty for the whole meeting. Raises Invalid by field."""
    chosen = form.get("format", "")
    if chosen not in {*all_formats(), BUNDLE}:
        raise Invalid({"format": "Choose one of the formats on this page."})
    code = form.get("session", "").strip() or None
    # The bundle is always the whole meeting, whichever session was chosen for the other formats.
    return WantedExport(code=None if chosen == BUNDLE else code, format=chosen)
