"""Comparison: every option rated on every criterion, with the cells where the room is split marked."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.ballots.choosing import ABSTAIN_PLACE, OUTSIDE_PLACE, describe_beside, everywhere
from sigforum.ballots.domain import (
    ABSTAIN,
    Answer,
    Column,
    Headcount,
    Paper,
    PaperOption,
    Result,
    ResultLine,
    form_number,
    is_abstention,
)
from sigforum.consensus.percentiles import exact_interquartile_range, exact_median, number_text
from sigforum.consensus.scale import Scale
from sigforum.consensus.weighted_matrix import weighted_order
from sigforum.kernel.errors import Invalid

OUTSIDE = "x"
MOST_CRITERIA, LONGEST_CRITERION, LONGEST_LABEL = 12, 80, 60
LARGEST_STEP = 11
DEFAULT_CRITERIA = "Importance\nFeasibility"


class Matrix:
    """Options by criteria on a small scale; criteria weigh the same, and no rule judges."""

    name = "matrix"
    label = "Comparison"
    description = "Everyone rates each option on each criterion, so that the room sees where each leads and lags."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The criteria, one a line, and the scale. Raises Invalid by field."""
        errors = {}
        criteria = [line.strip() for line in raw.get("criteria", DEFAULT_CRITERIA).splitlines() if line.strip()]
        if not 1 <= len(criteria) <= MOST_CRITERIA or len(set(criteria)) < len(criteria):
            errors["criteria"] = f"One to {MOST_CRITERIA} different criteria, one a line."
        elif max(map(len, criteria)) > LONGEST_CRITERION:
            errors["criteria"] = f"A criterion has at most {LONGEST_CRITERION} characters."
        low, high = (form_number(str(raw.get(name) or default))
                     for name, default in (("scale_min", 1), ("scale_max", 5)))
        if not (isinstance(low, int) and isinstance(high, int) and low < high <= LARGEST_STEP):
            errors["scale_max"] = "A scale has whole numbers, at most 11, and ends above where it starts."
        labels = {name: (raw.get(name) or default).strip()
                  for name, default in (("low_label", "Lags"), ("high_label", "Leads"))}
        errors |= {name: f"At most {LONGEST_LABEL} characters." for name, text in labels.items()
                   if len(text) > LONGEST_LABEL}
        if errors:
            raise Invalid(errors)
        return {"criteria": "\n".join(criteria), "scale_min": low, "scale_max": high, **labels}

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `cell-<option>-<criterion>`, and `abstain` for the whole ballot."""
        if form.get("abstain"):
            return dict(ABSTAIN)
        ratings: dict[str, dict[str, int | str]] = {}
        for name, value in form.items():
            if name.startswith("cell-") and value:
                option, _, criterion = name.removeprefix("cell-").partition("-")
                ratings.setdefault(option, {})[criterion] = form_number(value)
        return {"ratings": ratings}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """A rating or `x` (outside my expertise) for every cell, or an abstention. Raises Invalid by option."""
        if not isinstance(raw, Mapping):
            raise Invalid({"": "A ballot rates the options or abstains."})
        if raw.get("abstain") is True:
            return dict(ABSTAIN)
        ratings = raw.get("ratings")
        if not isinstance(ratings, Mapping):
            raise Invalid({"": "A ballot rates the options or abstains."})
        errors = {str(key): "This option is not on the ballot." for key in ratings if key not in paper.keys}
        for key in paper.keys:
            error = _row_error(ratings.get(key), paper)
            if error:
                errors[key] = error
        if errors:
            raise Invalid(errors)
        return {"ratings": {key: {name: ratings[key][name] for name, _ in _criteria(paper)} for key in paper.keys}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The median of every cell with who rated it, and the plain mean of an option's medians."""
        rows = [answer["ratings"] for answer in answers if not is_abstention(answer)]
        columns = (*(Column(key=name, label=label) for name, label in _criteria(paper)),
                   Column(key="mean", label="Mean of medians"), Column(key="outside", label="Outside expertise"))
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers),
            abstained=sum(is_abstention(answer) for answer in answers), columns=columns,
            lines=tuple(_line(option, rows, paper) for option in paper.options),
            text=f"{len(answers)} of {headcount.entitled} entitled people answered. A cell gives the median and "
                 "how many rated it; it is split where the middle half spans at least half the scale "
                 f"(an interquartile range of {number_text(_half(paper))} or more). All criteria weigh the same.")

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The ratings of each option, criterion by criterion."""
        rows = {key: answer["ratings"][key] for key in paper.keys if key in answer.get("ratings", {})}
        return describe_beside(answer) or {key: "; ".join(
            f"{words}: {'outside my expertise' if row[name] == OUTSIDE else row[name]}"
            for name, words in _criteria(paper) if name in row) for key, row in rows.items()}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The mean of an option's ratings, so that a move is one on the whole; outside where it has none."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        rows = {key: [value for value in answer["ratings"][key].values() if value != OUTSIDE]
                for key in paper.keys if key in answer["ratings"]}
        return {key: round(sum(row) / len(row), 2) if row else OUTSIDE_PLACE for key, row in rows.items()}


def _criteria(paper: Paper) -> list[tuple[str, str]]:
    """Key and words of each criterion; the key is its place, as the criteria freeze with the poll."""
    return [(f"c{place}", words) for place, words in enumerate(paper.settings["criteria"].splitlines(), start=1)]


def _half(paper: Paper) -> Fraction:
    return Fraction(paper.settings["scale_max"] - paper.settings["scale_min"], 2)


def _row_error(row: Any, paper: Paper) -> str:
    criteria = _criteria(paper)
    given = row if isinstance(row, Mapping) else {}
    if not set(given) <= {name for name, _ in criteria}:
        return "This criterion is not on the ballot."
    missing = [words for name, words in criteria if given.get(name) is None]
    if missing:
        return f"Choose a rating, or 'outside my expertise', for: {', '.join(missing)}."
    scale = Scale(paper.settings["scale_min"], paper.settings["scale_max"])
    wrong = [words for name, words in criteria if given[name] != OUTSIDE and (
        not isinstance(given[name], int) or isinstance(given[name], bool) or not scale.contains(given[name]))]
    return f"A rating is a whole number from {scale}; look at: {', '.join(wrong)}." if wrong else ""


def _line(option: PaperOption, rows: Sequence[Mapping[str, Any]], paper: Paper) -> ResultLine:
    given = [row[option.key] for row in rows if option.key in row]
    cells = {name: _cell([row[name] for row in given], paper) for name, _ in _criteria(paper)}
    medians = [cell["median"] for cell in cells.values()]
    mean = None
    # Means over different criteria cannot be compared, so an empty cell leaves its option without one.
    if None not in medians:
        mean = float(weighted_order({option.key: medians}, weights=[1] * len(medians)).totals[option.key])
    return ResultLine(key=option.key, text=option.text, answered=len(given), figures={
        **{name: _cell_text(cell) for name, cell in cells.items()}, "mean": mean,
        "outside": sum(cell["outside"] for cell in cells.values()), "cells": cells})


def _cell(values: Sequence[int | str], paper: Paper) -> dict[str, Any]:
    # Sorted, so that no result can depend on the order in which people voted.
    ratings = sorted(value for value in values if isinstance(value, int))
    spread = exact_interquartile_range(ratings) if ratings else None
    return {"median": float(exact_median(ratings)) if ratings else None,
            "iqr": None if spread is None else float(spread), "rated": len(ratings),
            "outside": len(values) - len(ratings), "is_split": spread is not None and spread >= _half(paper)}


def _cell_text(cell: Mapping[str, Any]) -> str | None:
    if cell["median"] is None:
        return None
    return f"{number_text(cell['median'])} ({cell['rated']}{', split' if cell['is_split'] else ''})"


KIND = Matrix()
