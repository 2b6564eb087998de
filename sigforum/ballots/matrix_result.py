"""The count of a comparison: cells, what they add up to under one weighting, and who leads over all weightings."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from sigforum.ballots.domain import Answer, Column, Headcount, Paper, Result, ResultLine, is_abstention
from sigforum.ballots.naming import names_in_sentences
from sigforum.consensus.cell_medians import Cell, cell_medians, medians_by_option
from sigforum.consensus.panel_size import SMALLEST_PUBLISHED_PANEL
from sigforum.consensus.percentiles import number_text
from sigforum.consensus.scale import Scale
from sigforum.consensus.weight_leads import Leads, leads_over_weightings
from sigforum.consensus.weight_space import are_level, dominated_options, equal_weights
from sigforum.consensus.weighted_matrix import weighted_order

# A live tally may not hold up the room; the standard error of a share is then at most 0.007.
DRAWS = 5_000
# How much of an error the shares of the lead have is told; rounds that opened under older terms go on without it.
LEADS_ERROR = "told"


def criteria_of(paper: Paper) -> list[tuple[str, str]]:
    """Key and words of each criterion; the key is its place, as the criteria freeze with the poll."""
    return [(f"c{place}", words) for place, words in enumerate(paper.settings["criteria"].splitlines(), start=1)]


def weights_of(paper: Paper) -> tuple[int, ...] | None:
    """The weights that were agreed beforehand, None where all criteria weigh the same."""
    given = tuple(map(int, paper.settings.get("weights", "").split()))
    return given if len(set(given)) > 1 else None


def matrix_result(answers: Sequence[Answer], paper: Paper, *, headcount: Headcount) -> Result:
    """The median of every cell with who rated it, the weighted sums of an option's medians, and its leads."""
    criteria, weights = criteria_of(paper), weights_of(paper)
    rows = [answer["ratings"] for answer in answers if not is_abstention(answer)]
    given = {(option.key, name): [row[option.key][name] for row in rows if option.key in row]
             for option in paper.options for name, _ in criteria}
    # Sorted, so that no result can depend on the order in which people voted.
    cells = cell_medians({place: sorted(value for value in values if isinstance(value, int))
                          for place, values in given.items()},
                         scale=Scale(paper.settings["scale_min"], paper.settings["scale_max"]))
    medians = medians_by_option(cells, options=paper.keys, criteria=[name for name, _ in criteria])
    space = _space(tuple(medians.items())) if len(medians) > 1 else None
    means = _totals(medians, equal_weights(len(criteria)))
    weighted = _totals(medians, weights) if weights else {}
    names = names_in_sentences(paper)
    lines = []
    for option in paper.options:
        own = {name: _figures(cells[option.key, name], given[option.key, name]) for name, _ in criteria}
        leads = space.leads(option.key) if space and option.key in medians else None
        lines.append(ResultLine(
            key=option.key, text=option.text, answered=sum(option.key in row for row in rows), figures={
                **{name: _cell_text(cell) for name, cell in own.items()}, "mean": means.get(option.key),
                **({"weighted": weighted.get(option.key)} if weights else {}),
                "leads": None if leads is None else f"{100 * leads:.0f} %", "leads_share": leads,
                "outside": sum(cell["outside"] for cell in own.values()), "cells": own}))
    return Result(
        kind="matrix", headcount=headcount, answered=len(answers), columns=_columns(criteria, weights),
        abstained=sum(is_abstention(answer) for answer in answers), lines=tuple(lines),
        text=f"{len(answers)} of {headcount.entitled} entitled people answered. "
             + _text(medians, names, space, weights, criteria,
                     has_error=paper.settings.get("leads_error") == LEADS_ERROR),
        extra={"draws": space.draws, "seed": space.seed,
               "central": {key: list(mean) for key, mean in space.central.items() if mean}} if space else {})


def _columns(criteria: Sequence[tuple[str, str]], weights: Sequence[int] | None) -> tuple[Column, ...]:
    beside = [("mean", "Mean of medians"), *([("weighted", "Weighted mean")] if weights else []),
              ("leads", "Leads over all weightings"), ("outside", "Outside expertise")]
    return tuple(Column(key=key, label=label) for key, label in (*criteria, *beside))


def _totals(medians: Mapping[str, Sequence[Fraction]], weights: Sequence[int]) -> dict[str, float]:
    # Means over different criteria cannot be compared, so an option with an empty cell is not among the medians.
    return {key: float(total) for key, total in weighted_order(medians, weights=weights).totals.items()}


# A vote moves a median now and then; the draws for the same medians are the same.
@lru_cache(maxsize=64)
def _space(medians: tuple[tuple[str, tuple[Fraction, ...]], ...]) -> Leads:
    return leads_over_weightings(dict(medians), draws=DRAWS)


def _figures(cell: Cell, values: Sequence[int | str]) -> dict[str, Any]:
    return {"median": None if cell.median is None else float(cell.median),
            "iqr": None if cell.iqr is None else float(cell.iqr), "rated": cell.rated,
            "outside": len(values) - cell.rated, "is_split": cell.is_split}


def _cell_text(cell: Mapping[str, Any]) -> str | None:
    if cell["median"] is None:
        return None
    return f"{number_text(cell['median'])} ({cell['rated']}{', split' if cell['is_split'] else ''})"


def _text(medians: Mapping[str, Sequence[Fraction]], names: Mapping[str, str], space: Leads | None,
          weights: Sequence[int] | None, criteria: Sequence[tuple[str, str]], *, has_error: bool) -> str:
    parts = ["A cell gives the median and how many rated it; it is split where the lowest and the highest third of the "
             f"scale each hold at least (n + 1)/3 of its n ratings, rounded down, and from {SMALLEST_PUBLISHED_PANEL} "
             "ratings up."]
    if weights:
        words = ", ".join(f"{label} {weight}" for (_, label), weight in zip(criteria, weights, strict=True))
        parts.append(f"Weights agreed beforehand: {words}; the mean of medians weighs all criteria the same.")
    else:
        parts.append("All criteria weigh the same.")
    if space:
        error = f"; the standard error of a share is at most {100 * space.error:.1f} points" if has_error else ""
        parts.append("How often an option leads over all weightings of the criteria comes from "
                     f"{space.draws:,} random weightings (seed {space.seed}){error}.")
        parts += _level(names, space) if has_error else []
    behind = dominated_options(medians)
    for key, better in behind.items():
        rivals = " and ".join(names[one] for one in better)
        if has_error:
            parts.append(f"{names[key]} is under no weighting ahead of {rivals}, which "
                         f"{'is' if len(better) == 1 else 'are each'} as high or higher on every criterion.")
        else:
            parts.append(f"{names[key]} is ahead under no weighting: {rivals} {'is' if len(better) == 1 else 'are'} as "
                         "high or higher on every criterion.")
    if behind and has_error:
        parts.append("This compares options two by two; others may lead under no weighting without one such rival.")
    return " ".join(parts)


def _level(names: Mapping[str, str], space: Leads) -> list[str]:
    """Neighbours in the order of their leads whose shares the draws cannot tell apart."""
    order = sorted(space.shares, key=lambda key: -space.leads(key))
    return [f"{names[one]} and {names[other]} are level within that error."
            for one, other in pairwise(order) if are_level(space, one, other)]
