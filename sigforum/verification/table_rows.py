"""The rows that a summary's words must have in its CSV: lines, dissent, signatures, groups, and everything else."""

from collections.abc import Iterator, Mapping
from typing import Any

Row = tuple[str, str, str, str, Any]
# What a spreadsheet has no use for; the signature alone covers it.
_DRAWN = "drawn"
# The section of all that has no row of its own; bundles of the signed form alone have it.
FURTHER = "further"


def section_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    """The tables that every bundle has."""
    for line in document.get("lines") or ():
        yield from _line(line)
    positions = [*(document.get("minority") or ()),
                 *(one for line in document.get("lines") or () for one in line["minority"])]
    for one in positions:
        yield from _cells("minority", one["key"], one["line"], {
            "position": one["key"], "line": one["line"], "text": one["text"], "holders": one["holders"],
            "bylines": "; ".join(one["bylines"])})
    yield from _sign_offs(document.get("sign_offs") or {"listed": [], "reservations": []})
    for poll in document["polls"]:
        yield from _by_group(poll)
    for one in (document.get("method") or {"answers": ()})["answers"]:
        for group in one["groups"]:
            item = f"{one['poll']}-{one['round']} {group['label']}"
            yield from _cells("answers_by_group", item, one["poll"], {
                "item": item, "poll": one["poll"], "round": one["round"], "group": group["label"],
                "accepted": group["accepted"], "answered": group["answered"]})
    for item in document.get("checklist") or ():
        yield from _cells("checklist", item["number"], "", {
            "item": item["number"], "part": item["section"], "topic": item["topic"], "status": item["status"],
            "text": item["text"]})


def further_rows(document: Mapping[str, Any]) -> Iterator[Row]:
    """Whatever has no row of its own, under the place where it stands; bundles of the signed form have it."""
    for name, value in {
            "edition": document.get("edition"), "interests": document.get("interests"),
            "method": _without(document.get("method"), "answers"),
            "sign_offs": _without(document.get("sign_offs"), "listed", "reservations"),
            "lines": {line["key"]: {part: line[part] for part in ("earlier_wordings", "votes", "comments")}
                      for line in document.get("lines") or ()},
            "polls": {poll["key"]: _of_poll(poll) for poll in document["polls"]},
            "priorities": document["priorities"] and {
                "text": document["priorities"]["text"],
                "items": {item["key"]: item["text"] for item in document["priorities"]["items"]}}}.items():
        yield from _leaves(name, value)


def _of_poll(poll: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind_label": poll["kind_label"], "text": poll["text"],
            "settings_text": poll.get("settings_text"), "statements": poll["statements"],
            "groups": _without(poll.get("groups"), "found"),
            "found_groups": _without((poll.get("groups") or {}).get("found"), _DRAWN),
            "movements": [_without(one, "words") for one in poll["movements"]],
            "rounds": {str(one["number"]): one.get("results") for one in poll["rounds"]},
            "lines": {line["key"]: {part: line.get(part) for part in (
                "figures", "median", "iqr", "outside_expertise", "without_declared", "without_declared_text")}
                for line in poll["lines"]}}


def _without(value: Mapping[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return None if value is None else {name: one for name, one in value.items() if name not in names}


def _leaves(place: str, value: Any) -> Iterator[Row]:
    """One row for each word and number inside a value, its name as the measure."""
    inside = value.items() if isinstance(value, Mapping) else (
        [(str(number), one) for number, one in enumerate(value, start=1)] if isinstance(value, list) else ())
    for name, one in inside:
        if isinstance(one, Mapping | list):
            yield from _leaves(f"{place}/{name}", one)
        else:
            yield FURTHER, place, "", name, one


def _cells(section: str, item: str, part_of: str, cells: Mapping[str, Any]) -> Iterator[Row]:
    yield from ((section, item, part_of, name, value) for name, value in cells.items())


def _line(line: Mapping[str, Any]) -> Iterator[Row]:
    current = [vote for vote in line["votes"] if vote["is_current"]]
    vote = current[-1] if current else {"poll": "", "line": "", "verdict": "", "words": ""}
    yield from _cells("line", line["key"], "", {
        "line": line["key"], **{name: line[name] for name in ("kind", "number", "text", "owner", "due_on", "wording")},
        "poll": vote["poll"], "statement": vote["line"], "verdict": vote["verdict"], "because": vote["words"],
        "needs_vote": bool(line["votes"]) and not current,
        **{name: line[name] for name in ("approved", "commented", "dissented", "reviewers")},
        "lineage": " ".join(line["lineage"])})


def _sign_offs(signed: Mapping[str, Any]) -> Iterator[Row]:
    for number, name in enumerate(signed["listed"], start=1):
        yield from _cells("sign_off", f"n{number}", "", {"sign_off": f"n{number}", "listing": "listed", "name": name})
    for number, one in enumerate(signed["reservations"], start=1):
        yield from _cells("sign_off", f"v{number}", "", {
            "sign_off": f"v{number}", "listing": "reservation", "name": one["byline"], "text": one["text"]})


def _by_group(poll: Mapping[str, Any]) -> Iterator[Row]:
    groups = poll.get("groups") or {"lines": (), "groups": ()}
    for line in groups["lines"]:
        for size, cell in zip(groups["groups"], line["cells"], strict=True):
            key = f"{line['key']}/{size['label']}"
            yield from _cells("by_group", key, poll["key"], {
                "cell": key, "poll": poll["key"], "statement": line["text"], "group": size["label"],
                "voters": size["voters"], "count": cell, "shared": line["shared"]})
