"""The command that counts again."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click

from sigforum.ballots.tally_sheet import SCHEMA, check_sheet
from sigforum.kernel.errors import Invalid


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", help="A receipt: show the ballot that stands under it.")
def verify(files: tuple[Path, ...], code: str | None) -> None:
    """Count tally sheets again: FILES are sheets (.json) or bundles (.zip). Needs no database and no server.

    Ends with status 1 if anything does not hold.
    """
    failed = count = 0
    for name, text in _sheets(files):
        count += 1
        try:
            sheet = json.loads(text)
            findings = check_sheet(sheet)
        except ValueError as problem:
            raise click.ClickException(f"{name} is no JSON: {problem}") from problem
        except Invalid as refusal:
            raise click.ClickException(f"{name}: {'; '.join(refusal.errors.values())}") from refusal
        problems = [finding for finding in findings if finding.problem]
        failed += bool(problems)
        ballots = len(sheet["ballots"] or [])
        click.echo(f"{name}: {ballots} ballots counted again, {len(findings) - len(problems)} of {len(findings)} "
                   f"checks hold")
        for finding in problems:
            click.echo(f"  DIFFERS: {finding.what}: {finding.problem}")
        for ballot in sheet["ballots"] or []:
            if code is not None and ballot["code"] == code.strip().upper():
                click.echo(f"  {ballot['code']}: {'; '.join(ballot['says'].values())}")
    if not count:
        raise click.ClickException("There is no tally sheet in there.")
    if failed:
        raise click.exceptions.Exit(1)


def _sheets(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for path in files:
        if not zipfile.is_zipfile(path):
            yield path.name, path.read_text()
            continue
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode() if name.endswith(".json") else ""
                if SCHEMA in text:
                    yield f"{path.name}/{name}", text
