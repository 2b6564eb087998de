"""The JSON Schema of summaries, made from the values themselves, so that it cannot say anything else."""

import inspect
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sigforum.summaries.document.summary import SCHEMA_VERSION, MeetingSummary, SummaryDocument

FILE_NAME = f"summary-{SCHEMA_VERSION}.schema.json"
# Names that the JSON gives to fields, where they are others than in the program.
_RENAMED: Mapping[tuple[type, str], str] = {(MeetingSummary, "documents"): "sessions"}
_SIMPLE: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}, float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"}, date: {"type": "string", "format": "date"}, Any: {}}


def schema() -> dict[str, Any]:
    """The schema of a forum session's file and of a meeting's, JSON Schema 2020-12.

    Fields that came later have defaults and are not required, so that older files stay valid; unknown ones are
    allowed, because a new field leaves the schema's version alone.
    """
    definitions: dict[str, Any] = {}
    for kind in (SummaryDocument, MeetingSummary):
        _define(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": FILE_NAME,
        "title": f"Summaries of forum sessions and of meetings, schema version {SCHEMA_VERSION}",
        "anyOf": [{"$ref": "#/$defs/SummaryDocument"}, {"$ref": "#/$defs/MeetingSummary"}],
        "$defs": dict(sorted(definitions.items()))}


def schema_text() -> str:
    """The schema as the published file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _define(kind: type, definitions: dict[str, Any]) -> None:
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}
    hints = get_type_hints(kind)
    properties, required = {}, []
    for field in fields(kind):
        name = _RENAMED.get((kind, field.name), field.name)
        properties[name] = _shape(hints[field.name], definitions)
        if field.default is MISSING and field.default_factory is MISSING:
            required.append(name)
    if "schema_version" in properties:
        properties["schema_version"] = {"const": SCHEMA_VERSION}
    definitions[kind.__name__] = {
        "description": " ".join((inspect.getdoc(kind) or "").split()), "type": "object", "properties": properties,
        "required": required}


def _shape(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _SIMPLE:
        return dict(_SIMPLE[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [{"type": "null"} if one is type(None) else _shape(one, definitions) for one in inner]}
    if origin is tuple:
        return {"type": "array", "items": _shape(inner[0], definitions)}
    if isinstance(hint, type) and is_dataclass(hint):
        _define(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"a summary's JSON has no shape for {hint}")
