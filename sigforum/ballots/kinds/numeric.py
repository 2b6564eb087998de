"""Numeric estimate: a number in a unit, shown as median and spread."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.ballots.by_option import describe_by_option, given_by_option, read_fields
from sigforum.ballots.choosing import answer_beside, everywhere, who_answered
from sigforum.ballots.domain import (
    ABSTAIN_PLACE,
    OUTSIDE_PLACE,
    Answer,
    Column,
    Headcount,
    Paper,
    PaperOption,
    Result,
    ResultLine,
    is_abstention,
)
from sigforum.consensus.bins import binned
from sigforum.consensus.percentiles import number_text, quantile
from sigforum.kernel.errors import Invalid
from sigforum.kernel.numbers import TwoReadings, typed_number
from sigforum.kernel.text import one_line

LONGEST_UNIT = 30
# With one or two estimates the median and the ends of the range are somebody's own number.
FEWEST_SHOWN = 3
COLUMNS = (
    Column(key="estimates", label="Estimates"),
    Column(key="median", label="Median"),
    Column(key="iqr", label="IQR"),
    Column(key="lowest", label="Lowest"),
    Column(key="highest", label="Highest"),
    Column(key="outside", label="Outside expertise"),
)
PLAIN_NUMBER = "A plain number with at most two decimals, such as 1500 or 12.5."


class Numeric:
    """Quantities to estimate, each in the poll's unit and within its bounds."""

    name = "numeric"
    label = "Numeric estimate"
    description = "Everyone estimates a number; the result is the median and how far the estimates lie apart."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The unit, and the lowest and highest number allowed where there is one. Raises Invalid by field."""
        errors: dict[str, str] = {}
        unit = one_line(str(raw.get("unit") or ""))
        if len(unit) > LONGEST_UNIT:
            errors["unit"] = f"At most {LONGEST_UNIT} characters."
        bounds: dict[str, int | float | None] = {}
        for name in ("lowest", "highest"):
            text = str(raw.get(name) or "").strip()
            bounds[name] = _number(text)
            if text and bounds[name] is None:
                errors[name] = _refusal(text)
        low, high = bounds["lowest"], bounds["highest"]
        if low is not None and high is not None and low >= high:
            errors["highest"] = "Must be above the lowest."
        if errors:
            raise Invalid(errors)
        return {"unit": unit, **bounds}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """The unit and the bounds."""
        unit = f"in {settings['unit']}" if settings["unit"] else ""
        return ", ".join(filter(None, [unit, bounds_text(settings)]))

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `number-<key>`, `outside-<key>` ticked, and `abstain` for the whole ballot."""
        return read_fields(form, field="estimates", prefix="number-", read=_typed)

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """A number or "outside my expertise" for every quantity, or an abstention. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        given = given_by_option(raw, paper, field="estimates", refusal="Give your estimates, or abstain.")
        errors: dict[str, str] = {}
        read: dict[str, int | float] = {}
        for key in paper.keys:
            value = given.answers.get(key)
            number = _canonical(value)
            if key in given.outside:
                if key in given.answers:
                    errors[key] = "Give a number or say that it is outside your expertise, not both."
            elif value is None:
                errors[key] = "Give an estimate, or say that it is outside your expertise."
            elif number is None:
                errors[key] = _refusal(value)
            elif not _is_within(number, paper):
                errors[key] = f"Must be {bounds_text(paper.settings)}."
            else:
                read[key] = number
        if errors:
            raise Invalid(errors)
        return {"estimates": read, "outside": list(given.outside)}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """Median and spread of each quantity; nothing of them where fewer than three estimated it."""
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers),
            abstained=sum(is_abstention(answer) for answer in answers), columns=COLUMNS,
            lines=tuple(_line(option, answers) for option in paper.options),
            text=who_answered(answers, headcount, did="gave estimates"))

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The number with its unit, for every quantity."""
        unit = f" {paper.settings['unit']}" if paper.settings["unit"] else ""
        return describe_by_option(answer, paper, field="estimates", say=lambda number: number_text(number) + unit)

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The number, or outside."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        return {key: answer["estimates"].get(key, OUTSIDE_PLACE) for key in paper.keys
                if key in answer["estimates"] or key in answer["outside"]}


def bounds_text(settings: Mapping[str, Any]) -> str:
    """The bounds in words: "from 0 to 100 %", "0 or more", or an empty text where there are none."""
    low, high, unit = settings["lowest"], settings["highest"], settings["unit"]
    unit = f" {unit}" if unit else ""
    if low is not None and high is not None:
        return f"from {number_text(low)} to {number_text(high)}{unit}"
    if low is not None:
        return f"{number_text(low)}{unit} or more"
    return f"{number_text(high)}{unit} or less" if high is not None else ""


def _typed(text: str) -> int | float | str:
    number = _number(text.strip())
    return text if number is None else number


def _number(text: str) -> int | float | None:
    try:
        number = typed_number(text)
    except TwoReadings:
        return None
    # Fifteen digits are what every program that counts again keeps.
    return None if number is None or abs(number) >= 10**12 else _canonical(float(number))


def _refusal(value: object) -> str:
    """What to type instead; a number that can be read in two ways is asked back and not guessed."""
    try:
        typed_number(str(value).strip())
    except TwoReadings as problem:
        return str(problem)
    return PLAIN_NUMBER


def _canonical(value: object) -> int | float | None:
    """The number that is kept, 7 for 7.0, or None for what is no estimate."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**12:
        return None
    # Also tells NaN apart, which equals nothing.
    if value != round(value, 2):
        return None
    return int(value) if value == int(value) else value


def _is_within(number: int | float, paper: Paper) -> bool:
    low, high = paper.settings["lowest"], paper.settings["highest"]
    return (low is None or number >= low) and (high is None or number <= high)


def _line(option: PaperOption, answers: Sequence[Answer]) -> ResultLine:
    given = [answer["estimates"][option.key] for answer in answers if option.key in answer.get("estimates", {})]
    # As the decimals they were typed as, so that a median of 0.1 and 0.2 is 0.15.
    numbers = sorted(Fraction(str(value)) for value in given)
    outside = sum(option.key in answer.get("outside", ()) for answer in answers)
    figures: dict[str, Any] = dict.fromkeys(
        ("median", "iqr", "lower_quartile", "upper_quartile", "lowest", "highest", "bins"))
    if len(numbers) >= FEWEST_SHOWN:
        low, middle, high = (quantile(numbers, Fraction(place, 4)) for place in (1, 2, 3))
        figures = {"median": middle, "iqr": round(high - low, 6), "lower_quartile": low, "upper_quartile": high,
                   "lowest": float(numbers[0]), "highest": float(numbers[-1]),
                   "bins": [(one.low, one.high, one.count) for one in binned(numbers)]}
    return ResultLine(
        key=option.key, text=option.text, answered=len(numbers) + outside,
        figures={**figures, "estimates": len(numbers), "outside": outside})


KIND = Numeric()
