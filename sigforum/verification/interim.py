"""Priorities that are still open: ranked again from the points on each response, which name no ballot."""

from collections.abc import Iterator, Mapping
from typing import Any

from sigforum.verification.counting.priorities import rank_points
from sigforum.verification.findings import Difference, Finding, check, same
from sigforum.verification.sheet import collected, name_of, refuse_unknown, since_round, terms_sha256
from sigforum.verification.sheet_shapes import check_interim_shape

SCHEMA = "sigforum-interim-sheet/1"


def is_interim(content: Any) -> bool:
    """Whether a JSON value is such a sheet."""
    return isinstance(content, Mapping) and content.get("schema") == SCHEMA


def check_interim(sheet: Mapping[str, Any], *, file: str) -> list[Finding]:
    """Its terms, and that the points on it could have been laid. Raises Damaged where it is no such sheet."""
    return collected(_check(sheet, file), what="interim sheet")


def recount_interim(sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ranking that the points come to."""
    return rank_points(sheet["options"], sheet["laid"])


def answered_between(sheet: Mapping[str, Any]) -> tuple[int, int]:
    """How many people must, and can at most, have laid these points: who laid which stays unknown."""
    voters = [len(points) for points in sheet["laid"].values()]
    total, budget = sum(map(sum, sheet["laid"].values())), sheet["terms"]["settings"]["budget"]
    return max([*voters, -(-total // budget)]), min(sum(voters), sheet["headcount"]["entitled"])


def _check(sheet: Mapping[str, Any], file: str) -> Iterator[Finding]:
    poll = name_of(sheet)
    refuse_unknown(sheet["terms"])
    yield check_interim_shape(sheet, file=file)
    yield check(file, "the terms have their hash", same("terms_sha256", sheet["terms_sha256"], terms_sha256(
        sheet["terms"])), poll=poll)
    yield check(file, "the options and the people could be so", [*since_round(sheet), *_people(sheet)], poll=poll)
    yield check(file, "the points could have been laid", _laid(sheet), poll=poll)


def _people(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    room = sheet["headcount"]
    if room["entitled"] + room["recused"] > room["invited"] or min(room.values()) < 0:
        yield Difference(where="headcount", said=dict(room), counted="entitled and recused among the invited")


def _laid(sheet: Mapping[str, Any]) -> Iterator[Difference]:
    settings, entitled = sheet["terms"]["settings"], sheet["headcount"]["entitled"]
    yield from same("responses", sorted(sheet["laid"]), sorted(option["key"] for option in sheet["options"]))
    for key, points in sheet["laid"].items():
        if len(points) > entitled:
            yield Difference(where=f"people on {key}", said=len(points), counted=f"at most {entitled} entitled people")
        for one in points:
            if isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= settings["per_item"]:
                yield Difference(where=f"points on {key}", said=one, counted=f"1 to {settings['per_item']}")
    if sum(map(sum, sheet["laid"].values())) > entitled * settings["budget"]:
        yield Difference(where="all points", said=sum(map(sum, sheet["laid"].values())),
                         counted=f"at most {settings['budget']} from each of {entitled} people")
