"""The matrix: medians by cell with splits, the weighted sum, weights off, and all weightings at once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.consensus.cell_medians import cell_medians, describe_cell, medians_by_option
from sigforum.consensus.files.matrix import MatrixSheet
from sigforum.consensus.files.table import FileProblem
from sigforum.consensus.one_person_less import describe_one_person_less, one_person_less
from sigforum.consensus.percentiles import number_text
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.consensus.scale import Scale
from sigforum.consensus.weight_space import (
    describe_weight_space,
    dominated_options,
    equal_weights,
    weight_space,
)
from sigforum.consensus.weighted_matrix import WeightedOrder, describe_weighted, swap_weight, weighted_order
from sigforum.kernel.words import named, number_of

Given = Mapping[tuple[str, str], int]


def matrix_report(sheet: MatrixSheet, *, scale: Scale, weights: Sequence[Fraction] | None = None, draws: int
                  ) -> Readout:
    """The report; `weights` go before those of the file. Raises FileProblem where they do not fit the criteria."""
    chosen = tuple(weights or sheet.weights or ())
    if chosen and len(chosen) != len(sheet.criteria):
        raise FileProblem(f"There are {len(chosen)} weights for {len(sheet.criteria)} criteria.")
    figures: dict[str, Any] = {"options": list(sheet.options), "criteria": list(sheet.criteria)}
    lines = [f"{number_of(len(sheet.options), 'option')} on {number_of(len(sheet.criteria), 'criterion', 'criteria')}."]
    scores = dict(sheet.scores)
    if sheet.ratings:
        scores = _medians(list(sheet.ratings.values()), sheet, scale)
        cells = cell_medians(_by_cell(list(sheet.ratings.values()), sheet), scale=scale)
        figures["cells"] = [{"option": option, "criterion": criterion, "rated": cell.rated, "is_split": cell.is_split,
                             "median": None if cell.median is None else float(cell.median),
                             "iqr": None if cell.iqr is None else float(cell.iqr)}
                            for (option, criterion), cell in cells.items()]
        lines += [f"{option}, {criterion}: {describe_cell(cell)}" for (option, criterion), cell in cells.items()]
        left = [option for option in sheet.options if option not in scores]
        lines += [f"Left out of the sums, a cell is empty: {', '.join(map(named, left))}."] if left else []
    if not scores:
        return Readout(figures, (*lines, "There is no option with a score on every criterion."))
    _add_orders(figures, lines, scores, chosen, draws)
    if sheet.ratings:
        less = one_person_less(list(sheet.ratings.values()), leaders=lambda people: _leaders(
            _medians(people, sheet, scale), chosen or equal_weights(len(sheet.criteria))))
        figures["one_person_less"] = {"is_fragile": less.is_fragile, "tipping": less.tipping}
        lines.append(describe_one_person_less(less))
    return Readout(figures, tuple(lines))


def _add_orders(figures: dict[str, Any], lines: list[str], scores: Mapping[str, Sequence[Fraction]],
                weights: Sequence[Fraction], draws: int) -> None:
    criteria = figures["criteria"]
    off = weighted_order(scores, weights=equal_weights(len(criteria)))
    space = weight_space(scores, draws=draws)
    figures["equal_weights"] = _order(off)
    figures["all_weightings"] = {
        "draws": space.draws, "seed": space.seed, "leads": {option: space.leads(option) for option in scores},
        "ranks": {option: list(shares) for option, shares in space.acceptability.items()},
        "central_weights": {option: list(middle) if middle else None for option, middle in space.central.items()}}
    if weights:
        order = weighted_order(scores, weights=weights)
        figures["weighted"] = {"weights": [float(weight) for weight in weights], **_order(order)}
        lines.append(f"Weighted: {describe_weighted(order)}.")
        lines += _swaps(figures, scores, weights, order)
    lines += [f"Weights off: {describe_weighted(off)}.", sentence(describe_weight_space(space))]
    lines += [f"No weighting puts {named(option)} ahead of {' or '.join(map(named, better))}, which {_verb(better)} as "
              "good or better on all." for option, better in dominated_options(scores).items()]


def _swaps(figures: dict[str, Any], scores: Mapping[str, Sequence[Fraction]], weights: Sequence[Fraction],
           order: WeightedOrder) -> list[str]:
    ahead = [option for tier in order.tiers for option in tier][:2]
    if len(ahead) < 2:
        return []
    levels = {criterion: swap_weight(scores[ahead[0]], scores[ahead[1]], weights=weights, criterion=place)
              for place, criterion in enumerate(figures["criteria"])}
    figures["weighted"]["level_at"] = {name: None if level is None else float(level) for name, level in levels.items()}
    told = ", ".join(f"{name} {number_text(level)}" for name, level in levels.items() if level is not None)
    return [f"{named(ahead[0])} and {named(ahead[1])} are level at these weights: {told}."] if told else []


def _order(order: WeightedOrder) -> dict[str, Any]:
    return {"totals": {option: float(total) for option, total in order.totals.items()},
            "tiers": [list(tier) for tier in order.tiers]}


def _verb(options: Sequence[str]) -> str:
    return "is" if len(options) == 1 else "are"


def _by_cell(people: Sequence[Given], sheet: MatrixSheet) -> dict[tuple[str, str], list[int]]:
    return {(option, criterion): [given[option, criterion] for given in people if (option, criterion) in given]
            for option in sheet.options for criterion in sheet.criteria}


def _medians(people: Sequence[Given], sheet: MatrixSheet, scale: Scale) -> dict[str, tuple[Fraction, ...]]:
    return medians_by_option(cell_medians(_by_cell(people, sheet), scale=scale), options=sheet.options,
                             criteria=sheet.criteria)


def _leaders(scores: Mapping[str, Sequence[Fraction]], weights: Sequence[Fraction] | Sequence[int]) -> tuple[str, ...]:
    tiers = weighted_order(scores, weights=tuple(weights)).tiers
    return tiers[0] if tiers else ()
