"""The polls of a summary against the tally sheets beside it: every line, every round, and what may not be seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sigforum.verification.findings import Difference, Finding, Status, check, holds, same
from sigforum.verification.interim import answered_between, recount_interim
from sigforum.verification.matching import SUMMARY, Words, differences
from sigforum.verification.printed import printed_line, printed_scale, printed_settings
from sigforum.verification.sheet import recount

Sheet = Mapping[str, Any]
CHANGEABLE = ("title", "settings", "rule", "visibility")


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """The sheets of one forum session by poll and round, and those of polls that are still open."""

    published: Mapping[tuple[int, int], Sheet]
    interim: Mapping[tuple[int, int], Sheet]
    # A published version stays as it was; what came after it is not of its matter.
    published_at: str | None = None


def check_poll(poll: Mapping[str, Any], sheets: Sheets, *, file: str) -> Iterator[Finding]:
    """One poll of a summary: its newest round's result, and every round's facts."""
    number, newest = int(poll["key"][1:]), poll["rounds"][-1]
    for asked in poll["rounds"]:
        yield from _check_round(poll, asked, sheets.published.get((number, asked["number"])), file)
    yield from _check_changes(poll, sheets, file)
    sheet = _in_force(sheets, (number, newest["number"]))
    name = f"{poll['key']} round {newest['number']}"
    if sheet is not None and sheet["ballots"] is not None:
        yield from _check_lines(poll, sheet, file, name)
    else:
        yield from _check_unseen(poll, file, name, has_lines=bool(poll["lines"]))


def check_priorities(found: Mapping[str, Any], sheets: Sheets, *, file: str) -> Iterator[Finding]:
    """The ranking by points, from ballots or, while it is open, from the points on each response."""
    number = int(found["key"][1:])
    of_poll = [place for place in sheets.published if place[0] == number]
    sheet = _in_force(sheets, max(of_poll)) if of_poll else None
    interim = next((one for place, one in sheets.interim.items() if place[0] == number), None)
    if sheet is not None and sheet["ballots"] is not None and found["state"] in ("revealed", "decided"):
        counted, name = recount(sheet), f"{found['key']} round {sheet['round']}"
        yield check(file, "who took part and how many points there are", differences(
            found, {"is_revealed": True, "text": counted["text"], "turnout": sheet["headcount"] | {
                "answered": counted["answered"], "abstained": counted["abstained"]},
                **_points_terms(sheet)}), poll=name)
        yield from _check_items(found, counted["lines"], file, name)
    elif interim is not None:
        findings = list(_check_open(found, interim, file))
        if sheets.published_at is not None and not holds(findings):
            # The sheet is of the day of the bundle; points may have moved since the version was published.
            yield Finding(file=file, poll=found["key"], status=Status.NOT_COUNTED,
                          what="another ranking than today's, which moved on after this version was published")
        else:
            yield from findings
    else:
        yield from _check_unseen(found, file, found["key"], has_lines=bool(found["items"]))


def _check_open(found: Mapping[str, Any], interim: Sheet, file: str) -> Iterator[Finding]:
    """Priorities that are open: what the points on each response give, and bounds for what they leave unknown."""
    name, (fewest, most) = f"{found['key']} round {interim['round']}, open", answered_between(interim)
    answered, total = found["turnout"]["answered"], sum(map(sum, interim["laid"].values()))
    wrong = [] if fewest <= answered <= most else [
        Difference(where="answered", said=answered, counted=f"{fewest} to {most}")]
    yield check(file, "who took part and how many points there are", [*wrong, *differences(found, {
        "turnout": dict(interim["headcount"]), **_points_terms(interim),
        "text": Words((total, answered, interim["headcount"]["entitled"]), goes_on=True)})], poll=name)
    yield from _check_items(found, recount_interim(interim), file, name)


def _points_terms(sheet: Sheet) -> dict[str, Any]:
    settings = sheet["terms"]["settings"]
    return {"budget": settings["budget"], "per_item": settings["per_item"], "frozen_sha256": sheet["terms_sha256"]}


def _check_items(found: Mapping[str, Any], lines: list[dict[str, Any]], file: str, name: str) -> Iterator[Finding]:
    said = {item["key"]: item for item in found["items"]}
    for line in lines:
        counted = {"key": line["key"], "text": line["text"], **{
            figure: line["figures"][figure] for figure in ("rank", "points", "voters", "largest_single")}}
        yield check(file, "the points", differences(said.get(line["key"]), counted), poll=name, statement=line["text"])
    yield check(file, "every response has its place", same(
        "responses in order", [item["key"] for item in found["items"]], [line["key"] for line in lines]), poll=name)


def _in_force(sheets: Sheets, place: tuple[int, int]) -> Sheet | None:
    """The sheet of a round, unless it was revealed only after the summary had been published."""
    sheet = sheets.published.get(place)
    revealed_at = _moment(sheet["revealed_at"]) if sheet is not None else None
    if revealed_at is None or sheets.published_at is None:
        return sheet
    return sheet if revealed_at <= sheets.published_at else None


def _check_lines(poll: Mapping[str, Any], sheet: Sheet, file: str, name: str) -> Iterator[Finding]:
    counted, terms, result = recount(sheet), sheet["terms"], sheet["result"]
    turnout = sheet["headcount"] | {"answered": counted["answered"], "abstained": counted["abstained"],
                                    "outside_expertise": counted["outside"]}
    yield check(file, "what was asked and who took part", differences(poll, {
        "is_revealed": True, "kind": terms["kind"], "title": terms["title"], "visibility": terms["visibility"],
        "secrecy": terms["secrecy"], "statements": [option["text"] for option in terms["options"]],
        "scale": printed_scale(terms["settings"]), **_settings(poll, terms), "rule": result["rule"],
        "text": result["text"], "turnout": turnout}), poll=name)
    said, sheet_lines = ({line["key"]: line for line in one} for one in (poll["lines"], result["lines"]))
    for line in counted["lines"]:
        own = said.get(line["key"], {})
        wrong = [*differences(own, printed_line(line, result["columns"]), margin=SUMMARY)]
        verdict = own.get("verdict")
        if verdict:
            wrong += [*same("verdict.because", verdict["because"], sheet_lines[line["key"]]["verdict"]["because"]),
                      *_fragility(verdict)]
        yield check(file, "the result", wrong, poll=name, statement=line["text"])
    yield check(file, "every option has one result, in its place", same(
        "options in order", [line["key"] for line in poll["lines"]], [line["key"] for line in counted["lines"]]),
        poll=name)


def _settings(poll: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, str]:
    """What the settings are said to mean, where a summary says it at all."""
    return {"settings_text": printed_settings(terms["kind"], terms["settings"])} if "settings_text" in poll else {}


def _fragility(verdict: Mapping[str, Any]) -> Iterator[Difference]:
    """That the sentence says what the word says: nothing, no person, or one person."""
    said = verdict["fragility"]
    reads = None if not said else not said.startswith("No ")
    yield from same("verdict.fragility", reads, verdict["is_fragile"])


def _check_unseen(poll: Mapping[str, Any], file: str, name: str, *, has_lines: bool) -> Iterator[Finding]:
    """A result without ballots: shown live, or shown to nobody, and then nothing of it may stand anywhere."""
    if poll["is_revealed"] and poll.get("visibility", "live") == "live" and poll["state"] in ("open", "closed"):
        yield Finding(file=file, poll=name, status=Status.NOT_COUNTED,
                      what="shown live; its ballots are published when it is revealed")
        return
    leaks = [*same("is_revealed", poll["is_revealed"], False), *same("lines", has_lines, False),
             *same("text", poll["text"], ""), *same("turnout.abstained", poll["turnout"]["abstained"], None),
             *same("turnout.outside_expertise", poll["turnout"]["outside_expertise"], None)]
    yield check(file, "nothing of a result that is kept back is shown", leaks, poll=name)
    yield Finding(file=file, poll=name, status=Status.WITHHELD, what="withheld, nothing to recount")


def _check_round(poll: Mapping[str, Any], asked: Mapping[str, Any], sheet: Sheet | None, file: str
                 ) -> Iterator[Finding]:
    name = f"{poll['key']} round {asked['number']}"
    if sheet is None:
        if asked["revealed_at"] is not None:
            yield check(file, "the round has its tally sheet", [Difference(
                where="tally sheet", said=f"revealed at {asked['revealed_at']}", counted="no sheet in the bundle")],
                poll=name)
        return
    answered = sheet["withheld"] if sheet["ballots"] is None else len(sheet["ballots"])
    facts: dict[str, Any] = {
        "answered": answered, "entitled": sheet["headcount"]["entitled"], "late": sheet["late"],
        "had_feedback": sheet["had_feedback"], "terms_sha256": sheet["terms_sha256"],
        "opened_at": _moment(sheet["opened_at"]), "closed_at": _moment(sheet["closed_at"])}
    if asked["revealed_at"] is not None:
        facts["revealed_at"] = _moment(sheet["revealed_at"])
    if asked["number"] == 1:
        wrong = same("frozen_sha256", poll["frozen_sha256"], sheet["terms_sha256"])
        yield check(file, "the poll froze when its first round opened", wrong, poll=name)
    yield check(file, "the round is as its sheet has it", differences(asked, facts), poll=name)
    if asked.get("results"):
        counted = recount(sheet)["lines"] if sheet["ballots"] is not None else []
        yield check(file, "the round gave what was counted", differences(
            asked["results"], [_round_line(line, sheet) for line in counted], margin=SUMMARY),
            otherwise="the round gave something else than what was counted", poll=name)


def _round_line(line: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """What a round's table says of one statement."""
    printed = printed_line(line, sheet["result"]["columns"])
    verdict = printed["verdict"] or {"word": "", "label": ""}
    return {name: printed[name] for name in ("key", "text", "answered", "share", "median", "distribution")} | {
        "verdict": verdict["word"], "label": verdict["label"]}


def _check_changes(poll: Mapping[str, Any], sheets: Sheets, file: str) -> Iterator[Finding]:
    """Between two rounds nothing changes but what is on record as a deviation, with what it was and became."""
    number = int(poll["key"][1:])
    for before, after in pairwise(poll["rounds"]):
        earlier, later = (sheets.published.get((number, one["number"])) for one in (before, after))
        if earlier is None or later is None:
            continue
        one, other = _terms(earlier), _terms(later)
        made = {change["field"]: change for change in later["deviations"] if change["from_round"] == after["number"]}
        wrong = same("fields changed", sorted(made), sorted(name for name in one if one[name] != other[name]))
        wrong += [difference for name, change in made.items() for difference in differences(
            change, {"before": one.get(name), "after": other.get(name)}, where=name)]
        said = [[change["from_round"], change["reason"]] for change in poll["deviations"]
                if change["from_round"] <= after["number"]]
        wrong += same("deviations", said, [[change["from_round"], change["reason"]]
                                           for change in later["deviations"]])
        wrong += same("kind and secrecy", [earlier["terms"][name] for name in ("kind", "secrecy")],
                      [later["terms"][name] for name in ("kind", "secrecy")])
        yield check(file, "what changed is on record", wrong, poll=f"{poll['key']} round {after['number']}")


def _terms(sheet: Sheet) -> dict[str, Any]:
    terms = sheet["terms"]
    return {name: terms[name] for name in CHANGEABLE} | {"options": [option["text"] for option in terms["options"]]}


def _moment(text: str | None) -> str | None:
    """A moment as the summary writes it."""
    return text.replace("+00:00", "Z") if text else text
