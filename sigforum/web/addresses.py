"""What may stand in an address."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, Rule, UnicodeConverter

# What a column of whole numbers holds in every database; asking for more would be an error there.
LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """The id of a row; a larger number is no address of ours, and so is not found."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002  (the library passes it by this name)
        options["max"] = min(options.get("max") or LARGEST_NUMBER, LARGEST_NUMBER)
        super().__init__(map, **options)


class LateRule(Rule):
    """A route that compiles what makes its addresses when the first one is asked for: most are never asked for by one
    process, and all at once are nine tenths of the time that an application takes to be built."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            made = compile_now(append_unknown)
            setattr(rule, "_build_unknown" if append_unknown else "_build", made.__get__(rule, None))
            return made(rule, **values)
        return build


# A server turns these into another address before the application sees them; a mark stands in their place.
_MARKED = {"/": "~2F", "\\": "~5C", "~": "~7E"}
_DOTS = {".": "~2E", "..": "~2E~2E"}
_MARK = re.compile("~(2F|5C|7E|2E)")


class OnePart(UnicodeConverter):
    """A name between two slashes that may hold any sign: codes of sessions are what an agenda says, A/B or “..” too."""

    def to_python(self, value: str) -> str:
        """The name as it is stored."""
        return _MARK.sub(lambda mark: chr(int(mark[1], 16)), value)

    def to_url(self, value: str) -> str:
        """The name as one part of a path."""
        return super().to_url(_DOTS.get(value) or "".join(_MARKED.get(one, one) for one in value))


def bind(app: Flask) -> None:
    """Read every `<int:...>` of an address as a row's id, and compile addresses late."""
    app.url_map.converters["int"] = RowNumber
    for name in ("default", "string"):
        app.url_map.converters[name] = OnePart
    app.url_rule_class = LateRule
