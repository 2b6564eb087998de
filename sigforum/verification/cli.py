"""The command that counts again."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sigforum.verification.archive import read_file
from sigforum.verification.bundle import check_bundle, sheets_in
from sigforum.verification.findings import Finding, Status, holds, visible
from sigforum.verification.interim import check_interim, is_interim
from sigforum.verification.json_text import read_json
from sigforum.verification.matching import plain
from sigforum.verification.sheet import Damaged, check_sheet, is_sheet
from sigforum.verification.signed import check_unsigned_sheets, keys_from

_ZIP = b"PK"
_LONGEST = 160
_LONGEST_KEY_FILE = 2**20
# Said also where only differences are asked for: who signed decides how much the rest is worth.
_ALWAYS_SAID = (Status.DIFFERS, Status.UNCONFIRMED, Status.NOT_SIGNED)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", help="A receipt: show the ballot that stands under it.")
@click.option("--key", "key", metavar="FILE|HEX",
              help="The publisher's public key as it stands at /keys, or a file with it; bundles must be signed by it.")
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON.")
@click.option("--differences", "is_short", is_flag=True, help="Print only what differs, and the count.")
def verify(files: tuple[Path, ...], code: str | None, key: str | None, as_json: bool, is_short: bool) -> None:
    """Count published results again: FILES are bundles (.zip) or tally sheets (.json). Needs no database and no
    server, and shares no code with what counted them first.

    Ends with status 1 if anything does not hold.
    """
    keys = _keys(key) if key is not None else frozenset()
    reports = [_report(path, code, keys) for path in files]
    if as_json:
        click.echo(json.dumps(reports, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            _print(report, is_short=is_short)
    if not all(report["holds"] for report in reports):
        raise click.exceptions.Exit(1)


def _keys(given: str) -> frozenset[bytes]:
    """The keys of the option, which is a file where there is one of that name."""
    try:
        path = Path(given)
        if re.fullmatch("[0-9a-fA-F]{64}", given) or not path.is_file():
            return keys_from(given)
        if path.stat().st_size > _LONGEST_KEY_FILE:
            raise Damaged("it is too long to be a list of keys.")
        return keys_from(path.read_text(encoding="utf-8"))
    except (Damaged, OSError, ValueError) as problem:
        raise click.ClickException(f"--key {_cut(given)}: {problem}") from problem


def _report(path: Path, code: str | None, keys: frozenset[bytes]) -> dict[str, Any]:
    """What a file was asked and what came of it, as plain values."""
    try:
        content = read_file(path)
        is_archive = content[:2] == _ZIP or path.suffix.lower() == ".zip"
        findings = (check_bundle(content, name=path.name, keys=keys) if is_archive
                    else _check_single(content, path.name, keys))
        sheets = dict(sheets_in(content, name=path.name)) if is_archive else {path.name: read_json(content)}
    except Damaged as problem:
        raise click.ClickException(visible(f"{path.name}: {problem}")) from problem
    except OSError as problem:
        raise click.ClickException(f"{path.name} cannot be read: {problem.strerror}.") from problem
    ballots = [ballot for sheet in sheets.values() for ballot in _ballots(sheet)]
    return {
        "file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "holds": holds(findings),
        "ballots": len(ballots), "counts": dict(Counter(str(finding.status) for finding in findings)),
        "findings": [_plain(finding) for finding in findings],
        "found": list(_found(ballots, code)) if code is not None else None}


def _ballots(sheet: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those that can be looked up; what is wrong with others is among the findings."""
    found = sheet.get("ballots")
    return [one for one in found if isinstance(one, Mapping) and isinstance(one.get("says"), Mapping)] if isinstance(
        found, list) else []


def _check_single(content: bytes, name: str, keys: frozenset[bytes]) -> list[Finding]:
    found = read_json(content)
    if is_interim(found):
        return [*check_interim(found, file=name), *check_unsigned_sheets(name, keys=keys)]
    if not is_sheet(found):
        raise Damaged("This is neither a tally sheet nor a bundle.")
    return [*check_sheet(found, file=name), *check_unsigned_sheets(name, keys=keys)]


def _found(ballots: list[Mapping[str, Any]], code: str) -> Iterator[dict[str, Any]]:
    wanted = code.strip().upper()
    yield from ({"code": ballot["code"], "says": ballot["says"]} for ballot in ballots if ballot.get("code") == wanted)


def _plain(finding: Finding) -> dict[str, Any]:
    found = asdict(finding)
    found["differences"] = [{name: _value(value) for name, value in one.items()} for one in found["differences"]]
    return found


def _value(value: Any) -> Any:
    value = plain(value)
    return value if isinstance(value, str | int | float | bool | None) else json.loads(json.dumps(value, default=str))


def _print(report: Mapping[str, Any], *, is_short: bool) -> None:
    _say(f"{report['file']}  SHA-256 {report['sha256']}")
    for finding in report["findings"]:
        status = finding["status"]
        if is_short and status not in _ALWAYS_SAID:
            continue
        words = status.upper() if status == Status.DIFFERS else status
        place = ", ".join(filter(None, (finding["poll"], f"“{_cut(finding['statement'])}”" if finding["statement"]
                                        else "")))
        _say(f"  {words:<12} {finding['file']}: {f'{place}: ' if place else ''}{finding['what']}")
        for one in finding["differences"]:
            _say(f"      {one['where']}: says {_cut(one['said'])}; counted {_cut(one['counted'])}")
    for ballot in report["found"] or []:
        _say(f"  {ballot['code']}: {'; '.join(map(str, ballot['says'].values()))}")
    if report["found"] == []:
        _say("  No ballot stands under this receipt.")
    counts = report["counts"]
    beside = [f"{counts[status]} {status}" for status in (Status.WITHHELD, Status.NOT_COUNTED) if status in counts]
    beside += [str(finding["what"]).partition(",")[0].partition(":")[0] for finding in report["findings"]
               if finding["status"] in (Status.UNCONFIRMED, Status.NOT_SIGNED)]
    checked = counts.get(Status.HOLDS, 0) + counts.get(Status.DIFFERS, 0)
    _say(f"{report['file']}: {report['ballots']} ballots counted again, {counts.get(Status.HOLDS, 0)} of "
               f"{checked} checks hold{''.join(f', {one}' for one in beside)}")


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _say(line: str) -> None:
    click.echo(visible(line))
