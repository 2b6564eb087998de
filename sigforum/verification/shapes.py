"""Which fields there are and of what type each is: of a summary by the published schema, of all other files by shapes
written in the same language. The table beside a summary has texts alone, and cannot tell 7 from "7" or false from "no";
and a field that no version has would be read by whoever opens the file, and by nothing that is counted here."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sigforum.verification.findings import UNKNOWN, Difference, Finding, check, inside

# A copy of docs/schema/summary-1.schema.json; a test holds one against the other.
PUBLISHED = Path(__file__).with_name("summary-1.schema.json")
Shape = Mapping[str, Any]
TEXT, WHOLE, NUMBER, YES_NO, NOTHING = (
    {"type": name} for name in ("string", "integer", "number", "boolean", "null"))
MOMENT: Shape = {"type": "string", "format": "date-time"}
_RECORD = {"type": "object"}
_FORMATS = {"date": re.compile(r"\d{4}-\d\d-\d\d"),
            "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
    "object": (dict,), "array": (list,)}


def object_of(**fields: Shape) -> Shape:
    """An object with all of these fields and no other."""
    return {"type": "object", "properties": fields, "required": tuple(fields)}


def some_of(**fields: Shape) -> Shape:
    """An object with no other fields than these; those that are missing are asked for where they are read."""
    return {"type": "object", "properties": fields}


def also(shape: Shape, **fields: Shape) -> Shape:
    """The same object, which may have these fields as well."""
    return {**shape, "properties": {**shape["properties"], **fields}}


def open_object(**fields: Shape) -> Shape:
    """An object with these fields among others, which are judged elsewhere."""
    return {"type": "object", "properties": fields, "additionalProperties": True}


def each_of(names: Iterable[str], shape: Shape) -> Shape:
    """An object that may have a thing of one shape under each of these names."""
    return some_of(**dict.fromkeys(names, shape))


def list_of(items: Shape) -> Shape:
    """A list of things of one shape."""
    return {"type": "array", "items": items}


def list_with(shapes: Sequence[Shape]) -> Shape:
    """A list of one thing of each shape, in this order."""
    return {"type": "array", "prefixItems": shapes}


def either(*shapes: Shape) -> Shape:
    """A thing of one of these shapes, of which one at most is an object."""
    return {"anyOf": shapes}


def one_of(*values: Any) -> Shape:
    """One of these values."""
    return {"anyOf": [{"const": value} for value in values]}


def check_shape(document: Any, *, file: str) -> Finding:
    """Whether a summary's fields are those that the published schema names, and of their types."""
    return check_fields(document, published()["$defs"]["SummaryDocument"], file=file)


def check_fields(value: Any, shape: Shape, *, file: str) -> Finding:
    """Whether a file's fields are those of its shape."""
    return check(file, "every field is known and of its type", list(wrong_fields(value, shape)),
                 otherwise="a field is unknown, or of another type than its own")


@lru_cache(maxsize=1)
def published() -> dict[str, Any]:
    """The schema of summaries."""
    found: dict[str, Any] = json.loads(PUBLISHED.read_text("utf-8"))
    return found


def wrong_fields(value: Any, shape: Shape, where: str = "") -> Iterator[Difference]:
    """Every place at which a value is of another type than its shape says, or an object has a field that its shape
    does not have. A text that may be none is none where nothing is said."""
    if "$ref" in shape:
        shape = published()["$defs"][shape["$ref"].rpartition("/")[2]]
    fits = [one for one in shape.get("anyOf", [shape]) if _is_of(value, one if "$ref" not in one else _RECORD)]
    if not fits or (value == "" and NOTHING in shape.get("anyOf", ())):
        yield Difference(where=where, said=_shown(value), counted=_expected(shape))
    elif fits[0] is not shape:
        yield from wrong_fields(value, fits[0], where)
    elif isinstance(value, dict):
        yield from _in_object(value, shape, where)
    elif isinstance(value, list):
        shapes = shape["prefixItems"] if "prefixItems" in shape else [shape.get("items", {})] * len(value)
        if len(shapes) != len(value):
            yield Difference(where=where, said=_shown(value), counted=f"a list of {len(shapes)}")
        for place, (one, inner) in enumerate(zip(value, shapes, strict=False)):
            yield from wrong_fields(one, inner, f"{where}[{place}]")


def _in_object(value: Mapping[str, Any], shape: Shape, where: str) -> Iterator[Difference]:
    for name in shape.get("required", ()):
        if name not in value:
            yield Difference(where=inside(where, name), said="(missing)", counted="a field of the schema")
    fields, is_open = shape.get("properties", {}), "properties" not in shape or "additionalProperties" in shape
    patterns = shape.get("patternProperties", {})
    for name, one in value.items():
        fitting = [fields[name]] if name in fields else [
            inner for pattern, inner in patterns.items() if re.fullmatch(pattern, name)]
        if fitting:
            yield from wrong_fields(one, fitting[0], inside(where, name))
        elif not is_open:
            yield Difference(where=inside(where, name), said=_shown(one), counted=UNKNOWN)


def _is_of(value: Any, shape: Shape) -> bool:
    if "const" in shape:
        return type(value) is type(shape["const"]) and bool(value == shape["const"])
    if "type" not in shape:
        return True
    # To Python true is a number as well.
    if not isinstance(value, _TYPES[shape["type"]]) or (isinstance(value, bool) and shape["type"] != "boolean"):
        return False
    return not isinstance(value, str) or "format" not in shape or bool(_FORMATS[shape["format"]].fullmatch(value))


def _expected(shape: Shape) -> str:
    shapes = shape.get("anyOf", [shape])
    return " or ".join(dict.fromkeys(
        str(one["const"]) if "const" in one else str(one.get("format") or one.get("type", "object")) for one in shapes))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"{text[:60]}…" if len(text) > 60 else text
