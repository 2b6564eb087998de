"""Commands that count files of votes, for a methodologist who uses the statistics alone: no database, no server."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from pathlib import Path
from typing import Any

import click

from sigforum.consensus.files.matrix import read_matrix
from sigforum.consensus.files.points import read_points
from sigforum.consensus.files.rankings import read_rankings
from sigforum.consensus.files.ratings import parse_scale, read_ratings
from sigforum.consensus.files.table import MAX_BYTES, encoding_words
from sigforum.consensus.files.votes import read_votes
from sigforum.consensus.percentiles import QuantileConvention
from sigforum.consensus.reports.agreement import agreement_report
from sigforum.consensus.reports.matrix import matrix_report
from sigforum.consensus.reports.points import points_report
from sigforum.consensus.reports.ranking import ranking_report
from sigforum.consensus.reports.rating import rating_report
from sigforum.consensus.reports.readout import Readout
from sigforum.consensus.rulebook import all_rules, rule_named
from sigforum.consensus.weight_space import DRAWS
from sigforum.kernel.errors import Invalid

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SCALE = click.option("--scale", default="1-9", show_default=True, help="Lowest and highest rating.")


@click.group()
def consensus() -> None:
    """Count files of votes: ratings, rankings, points, matrices, agreement, opinion groups."""


def _reports(command: Callable[..., Readout]) -> Callable[..., None]:
    """Makes a command of a function that gives a report: FILE and --json, and every problem as one line."""

    @click.argument("file", type=_FILE)
    @click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON.")
    @wraps(command)
    def run(file: Path, as_json: bool, **options: Any) -> None:
        try:
            found = command(file, **options)
        except Invalid as refusal:
            raise click.ClickException(f"{file.name}: {' '.join(refusal.errors.values())}") from None
        warning = encoding_words(_read(file))
        if warning:
            click.echo(warning, err=True)
        click.echo(json.dumps(found.figures, ensure_ascii=False, indent=2) if as_json else "\n".join(found.lines))

    return run


def _read(file: Path) -> bytes:
    # One byte more than is taken is enough to know that a file is too large.
    with file.open("rb") as source:
        return source.read(MAX_BYTES + 1)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"“{text}” is not NAME=VALUE.")
    return name.strip(), value.strip()


@consensus.command("rating")
@_SCALE
@click.option("--rule", "rule_name", default="percent_agreement", show_default=True,
              type=click.Choice([name for name, rule in all_rules().items() if "rating" in rule.applies_to]))
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of the rule; may be repeated.")
@click.option("--convention", default=QuantileConvention.LINEAR.value, show_default=True,
              type=click.Choice([convention.value for convention in QuantileConvention]), help="For quartiles.")
@click.option("--earlier", type=_FILE, help="The same panel's earlier round: who moved, and how far it has settled.")
@_reports
def rating(file: Path, scale: str, rule_name: str, settings: tuple[str, ...], convention: str, earlier: Path | None
           ) -> Readout:
    """Judge ratings. FILE is a CSV: a row a person, a column an item; blank is no answer, X outside my expertise."""
    chosen = parse_scale(scale)
    before = read_ratings(_read(earlier), scale=chosen) if earlier is not None else None
    return rating_report(read_ratings(_read(file), scale=chosen), rule=rule_named(rule_name),
                         params=dict(map(_setting, settings)), convention=convention, earlier=before)


@consensus.command("ranking")
@_reports
def ranking(file: Path) -> Readout:
    """Count rankings. FILE is a Debian tally sheet, .hil, .blt, PrefLib (.soc .soi .toc .toi), or a CSV of ranks."""
    return ranking_report(read_rankings(_read(file), name=file.name))


@consensus.command("points")
@click.option("--budget", default=5, show_default=True, type=click.IntRange(1), help="Points each person has.")
@click.option("--per-item", type=click.IntRange(1), help="Most points on one item.")
@_reports
def points(file: Path, budget: int, per_item: int | None) -> Readout:
    """Rank priorities. FILE is a CSV: a row a person, a column an item, points or nothing in each cell."""
    return points_report(read_points(_read(file), budget=budget, per_item=per_item), budget=budget)


@consensus.command("matrix")
@_SCALE
@click.option("--weights", help="One weight a criterion, with commas; before those in the file.")
@click.option("--draws", default=DRAWS, show_default=True, type=click.IntRange(1, 1_000_000),
              help="Random weightings.")
@_reports
def matrix(file: Path, scale: str, weights: str | None, draws: int) -> Readout:
    """Compare options on criteria. FILE is a CSV of scores, or of person, option, criterion, rating."""
    chosen = parse_scale(scale)
    return matrix_report(read_matrix(_read(file), scale=chosen), scale=chosen, weights=_weights(weights), draws=draws)


def _weights(text: str | None) -> tuple[Fraction, ...] | None:
    try:
        found = tuple(Fraction(word.strip()) for word in text.split(",")) if text is not None else None
    except (ValueError, ZeroDivisionError):
        raise click.BadParameter(f"“{text}” are no numbers with commas between them.") from None
    if found is not None and (min(found) < 0 or not any(found)):
        raise click.BadParameter("Weights are 0 or more, and not all 0.")
    return found


@consensus.command("agreement")
@_SCALE
@_reports
def agreement(file: Path, scale: str) -> Readout:
    """Measure agreement over many items: AC1, AC2, Krippendorff's alpha, Kendall's W. FILE as for `rating`."""
    return agreement_report(read_ratings(_read(file), scale=parse_scale(scale)))


@consensus.command("groups")
@click.option("--without", multiple=True, metavar="STATEMENT", help="A statement to leave out; may be repeated.")
@click.option("--chance", "with_chance", is_flag=True, help="Also group shuffled votes, to see what chance makes.")
@_reports
def groups(file: Path, without: tuple[str, ...], with_chance: bool) -> Readout:
    """Look for opinion groups. FILE is Polis's participants-votes.csv, or a CSV of person, statement, vote."""
    # numpy takes 30 MB and the web process, which knows this command too, has no use for it.
    from sigforum.consensus.opinion.vote_matrix import matrix_from_bytes
    from sigforum.consensus.reports.groups import groups_report

    sheet = read_votes(_read(file))
    found = matrix_from_bytes(sheet.votes.tobytes(), people=sheet.people, statements=sheet.statements)
    return groups_report(found, excluded=without, with_chance=with_chance)
