"""Of what type each field is, by the published schema of summaries and by what is written here of sheets: the table
beside a summary has texts alone, and cannot tell 7 from "7" or false from "no"."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sigforum.verification.findings import Difference, Finding, check

# A copy of docs/schema/summary-1.schema.json; a test holds one against the other.
PUBLISHED = Path(__file__).with_name("summary-1.schema.json")
_TEXT, _WHOLE, _YES_NO, _NONE = ({"type": name} for name in ("string", "integer", "boolean", "null"))
_MOMENT: Mapping[str, Any] = {"type": "string", "format": "date-time"}
_RECORD = {"type": "object"}
_LATER = {"anyOf": [_MOMENT, _NONE]}
_FORMATS = {"date": re.compile(r"\d{4}-\d\d-\d\d"),
            "date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
    "object": (dict,), "array": (list,)}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_OPTIONS = _list(_object(key=_TEXT, text=_TEXT, since_round=_WHOLE))
_HEADCOUNT = _object(invited=_WHOLE, entitled=_WHOLE, recused=_WHOLE)
# Fields of sheets; those that are not there are asked for elsewhere.
SHEET = _object(
    schema=_TEXT, meeting=_TEXT, session=_TEXT, poll=_WHOLE, round=_WHOLE, opened_at=_MOMENT, closed_at=_LATER,
    revealed_at=_LATER, had_feedback=_YES_NO, deviations=_list(_object(made_at=_MOMENT)), terms_sha256=_TEXT,
    terms=_object(kind=_TEXT, title=_TEXT, settings=_RECORD, secrecy=_TEXT, visibility=_TEXT,
                  options=_OPTIONS, least_told=_WHOLE),
    options=_OPTIONS, headcount=_HEADCOUNT, late=_WHOLE, withheld=_WHOLE, countable=_WHOLE,
    ballots={"anyOf": [_list(_object(code=_TEXT, name=_TEXT, answer=_RECORD, says=_RECORD)),
                       _NONE]},
    result={"anyOf": [_object(kind=_TEXT, headcount=_HEADCOUNT, answered=_WHOLE, abstained=_WHOLE, rule=_TEXT,
                              text=_TEXT, columns=_list(_object(key=_TEXT, label=_TEXT)),
                              lines=_list(_object(key=_TEXT, text=_TEXT, answered=_WHOLE)),
                              extra=_object(draws=_WHOLE, seed=_WHOLE)), _NONE]})


def check_shape(document: Any, *, file: str) -> Finding:
    """Whether a summary's fields are of the types that the published schema names."""
    whole = published()
    return _found(file, wrong_types(document, whole["$defs"]["SummaryDocument"], whole["$defs"]))


def check_sheet_shape(sheet: Any, *, file: str) -> Finding:
    """Whether the fields of a tally sheet, or of an interim one, are of their types."""
    return _found(file, wrong_types(sheet, SHEET, {}))


@lru_cache(maxsize=1)
def published() -> dict[str, Any]:
    """The schema of summaries."""
    found: dict[str, Any] = json.loads(PUBLISHED.read_text("utf-8"))
    return found


def wrong_types(value: Any, shape: Mapping[str, Any], named: Mapping[str, Any], where: str = ""
                ) -> Iterator[Difference]:
    """Every place at which a value is of another type than its shape says; fields that a shape does not know may be
    anything. A text that may be none is none where nothing is said."""
    if "$ref" in shape:
        shape = named[shape["$ref"].rpartition("/")[2]]
    fits = [one for one in shape.get("anyOf", [shape]) if _is_of(value, one if "$ref" not in one else _RECORD)]
    if not fits or (value == "" and _NONE in shape.get("anyOf", ())):
        yield Difference(where=where, said=_shown(value), counted=_expected(shape))
    elif fits[0] is not shape:
        yield from wrong_types(value, fits[0], named, where)
    else:
        for name in shape.get("required", ()) if isinstance(value, dict) else ():
            if name not in value:
                yield Difference(where=_inside(where, name), said="(missing)", counted="a field of the schema")
        for inside, one, inner in _parts(value, shape, where):
            yield from wrong_types(one, inner, named, inside)


def _parts(value: Any, shape: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
    """What is in an object or a list, with its place and its shape."""
    if isinstance(value, dict):
        yield from ((_inside(where, name), value[name], inner) for name, inner in shape.get("properties", {}).items()
                    if name in value)
    elif isinstance(value, list) and "items" in shape:
        yield from ((f"{where}[{place}]", one, shape["items"]) for place, one in enumerate(value))


def _is_of(value: Any, shape: Mapping[str, Any]) -> bool:
    if "const" in shape:
        return type(value) is type(shape["const"]) and value == shape["const"]
    if "type" not in shape:
        return True
    # To Python true is a number as well.
    if not isinstance(value, _TYPES[shape["type"]]) or (isinstance(value, bool) and shape["type"] != "boolean"):
        return False
    return not isinstance(value, str) or "format" not in shape or bool(_FORMATS[shape["format"]].fullmatch(value))


def _expected(shape: Mapping[str, Any]) -> str:
    shapes = [one for one in shape.get("anyOf", [shape]) if "const" not in one]
    words = [one.get("format") or one.get("type", "object") for one in shapes]
    return " or ".join(words) if words else str(shape["const"])


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"{text[:60]}…" if len(text) > 60 else text


def _inside(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _found(file: str, wrong: Iterator[Difference]) -> Finding:
    return check(file, "every field is of its type", list(wrong), otherwise="a field is of another type than its own")
