"""What may stand in an address."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

# What a column of whole numbers holds in every database; asking for more would be an error there.
LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """The id of a row; a larger number is no address of ours, and so is not found."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002  (the library passes it by this name)
        options["max"] = min(options.get("max") or LARGEST_NUMBER, LARGEST_NUMBER)
        super().__init__(map, **options)


def bind(app: Flask) -> None:
    """Read every `<int:...>` of an address as a row's id."""
    app.url_map.converters["int"] = RowNumber
