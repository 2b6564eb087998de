"""Gwet's AC1 and AC2: agreement of a panel on many items beyond chance, steady where one category is common."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm
from operator import add, mul

from sigforum.consensus.panel_table import PanelRows, PanelTable, panel_table
from sigforum.consensus.percentiles import number_text
from sigforum.kernel.words import number_of


class Weights(StrEnum):
    """How far a near miss counts as agreement: identity gives AC1, the others AC2."""

    IDENTITY = "identity"
    ORDINAL = "ordinal"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its parts; `value` is None where no item has two answers, or there is one category."""

    name: str
    value: float | None
    found: float | None
    chance: float | None
    items: int
    people: int
    # There is no value because all answers are the same, so that chance alone would agree as well.
    is_unanimous: bool = False


def gwet_agreement(rows: PanelRows, *, weights: Weights | str = Weights.IDENTITY,
                   categories: Sequence[int] | None = None) -> Agreement:
    """AC1 (identity) or AC2 of people's answers, one row a person, None where one is missing.

    With r the people in a category of an item and r* those in it or near it by weight, agreement is the mean over
    items with two answers or more of r (r* - 1) / (n (n - 1)); chance is T / (q (q - 1)) times the sum of p (1 - p),
    T the sum of all weights, q the categories and p the mean share of each over all answered items. Categories nobody
    chose count where `categories` names them. Exact until the end. Errors as `panel_table`. Sources: Gwet, "Computing
    inter-rater reliability and its variance in the presence of high agreement", British Journal of Mathematical and
    Statistical Psychology 61 (2008) 29-48; weights and missing answers: Gwet, "Handbook of inter-rater reliability",
    4th ed. (2014).
    """
    return gwet_of_table(panel_table(rows, categories=categories), weights=weights)


def gwet_of_table(table: PanelTable, *, weights: Weights | str = Weights.IDENTITY) -> Agreement:
    """`gwet_agreement` of a table that is counted already (same source)."""
    chosen = Weights(weights)
    name = "AC1" if chosen is Weights.IDENTITY else f"AC2 with {chosen.value} weights"
    paired, size = table.paired, len(table.categories)
    if not paired or size < 2:
        return Agreement(name, None, None, None, items=len(paired), people=table.people)
    grid = weight_grid(table.categories, chosen)
    # Whole numbers as long as possible: the weights are raised by what they are all parts of.
    parts = lcm(*(weight.denominator for line in grid for weight in line))
    raised = [[int(weight * parts) for weight in line] for line in grid]
    found = sum((_agreeing(row, raised, parts) for row in paired), Fraction(0)) / len(paired)
    total = Fraction(sum(map(sum, raised)), parts)
    chance = total / (size * (size - 1)) * sum((share * (1 - share) for share in _mean_shares(table)), Fraction(0))
    value = None if chance == 1 else float((found - chance) / (1 - chance))
    return Agreement(name, value, float(found), float(chance), items=len(paired), people=table.people)


def weight_grid(categories: Sequence[int], weights: Weights) -> tuple[tuple[Fraction, ...], ...]:
    """How far each two categories agree, 1 for the same and 0 for those farthest apart (Gwet 2014)."""
    places = range(len(categories))
    width = Fraction(categories[-1] - categories[0])

    def weight(one: int, other: int) -> Fraction:
        steps = abs(one - other)
        if weights is Weights.IDENTITY:
            return Fraction(int(not steps))
        if weights is Weights.ORDINAL:
            # Pairs of categories that lie between, of all pairs there are.
            return 1 - Fraction(steps * (steps + 1), len(places) * (len(places) - 1))
        apart = abs(categories[one] - categories[other]) / width
        return 1 - (apart if weights is Weights.LINEAR else apart**2)

    return tuple(tuple(weight(one, other) for other in places) for one in places)


def describe_agreement(found: Agreement) -> str:
    """A plain readout: "AC1 0.78 among 4 people on 11 items (1 full agreement, 0 no more than by chance)"."""
    if found.value is None and found.is_unanimous:
        return (f"{found.name} cannot be given: all answers are the same, and where nothing differs, agreement cannot "
                "be told from chance")
    if found.value is None:
        return f"{found.name} cannot be given: it takes items with two answers or more, and two categories."
    return (f"{found.name} {number_text(found.value)} among {number_of(found.people, 'person', 'people')} on "
            f"{number_of(found.items, 'item')} "
            "(1 full agreement, 0 no more than by chance)")


def _agreeing(row: Sequence[int], raised: Sequence[Sequence[int]], parts: int) -> Fraction:
    people = sum(row)
    near = (sum(map(mul, line, row)) for line in raised)
    pairs = sum(count * (together - parts) for count, together in zip(row, near, strict=True) if count)
    return Fraction(pairs, parts * people * (people - 1))


def _mean_shares(table: PanelTable) -> list[Fraction]:
    """The mean share of each category; items with the same number of answers are added up first."""
    by_answers: dict[int, list[int]] = {}
    answered = 0
    for row in table.counts:
        people = sum(row)
        if people:
            answered += 1
            sums = by_answers.get(people)
            by_answers[people] = list(row) if sums is None else list(map(add, sums, row))
    return [sum((Fraction(sums[place], people) for people, sums in by_answers.items()), Fraction(0)) / answered
            for place in range(len(table.categories))]
