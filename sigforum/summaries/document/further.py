"""What a summary says beside its tables, as rows: the place where it stands, its name, and the word or number."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sigforum.summaries.document.summary import SummaryDocument

Row = tuple[str, str, str, str, Any]


def further_rows(document: SummaryDocument) -> Iterator[Row]:
    """Everything that has no row of its own in the long table, so that the table says all that the JSON says; but
    for the drawing of the groups found in votes, which are dots."""
    whole = document.to_json()
    yield from _leaves("edition", whole["edition"])
    yield from _leaves("interests", whole["interests"])
    yield from _leaves("method", _without(whole["method"], {"answers"}))
    yield from _leaves("sign_offs", _without(whole["sign_offs"], {"listed", "reservations"}))
    for line in whole["lines"]:
        for name in ("earlier_wordings", "votes", "comments"):
            yield from _leaves(f"lines/{line['key']}/{name}", line[name])
    for poll in whole["polls"]:
        yield from _of_poll(poll, f"polls/{poll['key']}")
    if whole["priorities"] is not None:
        found = whole["priorities"]
        yield "further", "priorities", "", "text", found["text"]
        yield from _leaves("priorities/items", {item["key"]: item["text"] for item in found["items"]})


def _of_poll(poll: Mapping[str, Any], place: str) -> Iterator[Row]:
    for name in ("kind_label", "text"):
        yield "further", place, "", name, poll[name]
    yield "further", place, "", "settings_text", poll.get("settings_text")
    yield from _leaves(f"{place}/statements", poll["statements"])
    groups = poll["groups"] or {}
    yield from _leaves(f"{place}/groups", _without(groups, {"found"}))
    yield from _leaves(f"{place}/found_groups", _without(groups.get("found"), {"drawn"}))
    yield from _leaves(f"{place}/movements", [_without(one, {"words"}) for one in poll["movements"]])
    for one in poll["rounds"]:
        yield from _leaves(f"{place}/rounds/{one['number']}", one.get("results"))
    for line in poll["lines"]:
        yield from _leaves(f"{place}/lines/{line['key']}", {name: line[name] for name in (
            "figures", "median", "iqr", "outside_expertise", "without_declared", "without_declared_text")})


def _without(value: Mapping[str, Any] | None, names: Collection[str]) -> dict[str, Any] | None:
    return None if value is None else {name: one for name, one in value.items() if name not in names}


def _leaves(place: str, value: Any) -> Iterator[Row]:
    inside = value.items() if isinstance(value, Mapping) else (
        [(str(number), one) for number, one in enumerate(value, start=1)] if isinstance(value, list) else ())
    for name, one in inside:
        if isinstance(one, Mapping | list):
            yield from _leaves(f"{place}/{name}", one)
        else:
            yield "further", place, "", name, one
