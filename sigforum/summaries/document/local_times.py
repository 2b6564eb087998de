"""Moments on the clocks of the meeting: the same moments, and the same JSON, but printed as people there read them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_fields(document: Any, zone_name: str) -> dict[str, Any]:
    """The fields of a frozen value that hold a moment somewhere, with every moment in this zone. A zone that this
    system does not know leaves them in UTC, which is what they then say."""
    try:
        zone = ZoneInfo(zone_name)
    except (ZoneInfoNotFoundError, ValueError):
        return {}
    found = {one.name: (getattr(document, one.name), _local(getattr(document, one.name), zone))
             for one in fields(document)}
    return {name: after for name, (before, after) in found.items() if after is not before}


def _local(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, tuple):
        after = tuple(_local(one, zone) for one in value)
        return after if any(new is not old for new, old in zip(after, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type | Mapping):
        changed = {one.name: new for one in fields(value)
                   if (new := _local(getattr(value, one.name), zone)) is not getattr(value, one.name)}
        return replace(value, **changed) if changed else value
    return value
