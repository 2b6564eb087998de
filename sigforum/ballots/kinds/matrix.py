"""Comparison: every option rated on every criterion; how it is counted stands in `matrix_result`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import describe_beside, everywhere
from sigforum.ballots.domain import (
    ABSTAIN,
    ABSTAIN_PLACE,
    OUTSIDE_PLACE,
    Answer,
    Headcount,
    Paper,
    Result,
    form_number,
    is_abstention,
)
from sigforum.ballots.matrix_result import LEADS_ERROR, criteria_of, matrix_result
from sigforum.ballots.naming import NAMES, WITHOUT_STOPS
from sigforum.consensus.scale import Scale
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import lines, one_line

OUTSIDE = "x"
MOST_CRITERIA, LONGEST_CRITERION, LONGEST_LABEL = 12, 80, 60
LARGEST_STEP, LARGEST_WEIGHT = 11, 100
DEFAULT_CRITERIA = "Importance\nFeasibility"


class Matrix:
    """Options by criteria on a small scale; criteria weigh the same unless weights are given, and no rule judges."""

    name = "matrix"
    label = "Comparison"
    description = "Everyone rates each option on each criterion, so that the room sees where each leads and lags."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The criteria, one a line, the scale, and a weight for each criterion or none. Raises Invalid by field."""
        errors = {}
        criteria = lines(raw.get("criteria", DEFAULT_CRITERIA))
        if not 1 <= len(criteria) <= MOST_CRITERIA or len(set(criteria)) < len(criteria):
            errors["criteria"] = f"One to {MOST_CRITERIA} different criteria, one a line."
        elif max(map(len, criteria)) > LONGEST_CRITERION:
            errors["criteria"] = f"A criterion has at most {LONGEST_CRITERION} characters."
        low, high = (form_number(str(raw.get(name) or default))
                     for name, default in (("scale_min", 1), ("scale_max", 5)))
        if not (isinstance(low, int) and isinstance(high, int) and low < high <= LARGEST_STEP):
            errors["scale_max"] = "A scale has whole numbers, at most 11, and ends above where it starts."
        labels = {name: one_line(raw.get(name) or default)
                  for name, default in (("low_label", "Lags"), ("high_label", "Leads"))}
        errors |= {name: f"At most {LONGEST_LABEL} characters." for name, text in labels.items()
                   if len(text) > LONGEST_LABEL}
        weights, refusal = _weights(str(raw.get("weights") or ""), criteria=len(criteria))
        errors |= {"weights": refusal} if refusal else {}
        if errors:
            raise Invalid(errors)
        return {"criteria": "\n".join(criteria), "scale_min": low, "scale_max": high, **labels,
                "weights": weights, "leads_error": LEADS_ERROR, NAMES: WITHOUT_STOPS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """The criteria with their weights."""
        named, weights = settings["criteria"].splitlines(), settings.get("weights", "").split()
        if not weights:
            return "all criteria weigh the same" if len(named) > 1 else ""
        return "weights: " + "; ".join(f"{weight} × {name}" for name, weight in zip(named, weights, strict=True))

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
        return {"ratings": {key: {name: ratings[key][name] for name, _ in criteria_of(paper)} for key in paper.keys}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The median of every cell with who rated it, and what the medians add up to."""
        return matrix_result(answers, paper, headcount=headcount)

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The ratings of each option, criterion by criterion."""
        rows = {key: answer["ratings"][key] for key in paper.keys if key in answer.get("ratings", {})}
        return describe_beside(answer) or {key: "; ".join(
            f"{words}: {'outside my expertise' if row[name] == OUTSIDE else row[name]}"
            for name, words in criteria_of(paper) if name in row) for key, row in rows.items()}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The mean of an option's ratings, so that a move is one on the whole; outside where it has none."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        rows = {key: [value for value in answer["ratings"][key].values() if value != OUTSIDE]
                for key in paper.keys if key in answer["ratings"]}
        return {key: round(sum(row) / len(row), 2) if row else OUTSIDE_PLACE for key, row in rows.items()}


def _weights(text: str, *, criteria: int) -> tuple[str, str]:
    """The weights as they are kept, whole numbers one after the other, and what is wrong with them."""
    given = [form_number(part) for part in text.replace(",", " ").split()]
    if not given:
        return "", ""
    whole = [weight for weight in given if isinstance(weight, int) and weight <= LARGEST_WEIGHT]
    if len(whole) < len(given) or len(whole) != criteria or not any(whole):
        return "", (f"One whole number from 0 to {LARGEST_WEIGHT} for each criterion, in their order and not all 0; "
                    "or none, so that all weigh the same.")
    return " ".join(map(str, whole)), ""


def _row_error(row: Any, paper: Paper) -> str:
    criteria = criteria_of(paper)
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


KIND = Matrix()
