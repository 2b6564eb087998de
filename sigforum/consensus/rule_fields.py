"""The parameters a rule asks for: what each is called, what it may be, how raw input becomes a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, nan

from sigforum.consensus.scale import Scale
from sigforum.kernel.numbers import typed_number

ParamValue = int | float | str | bool | None
Params = Mapping[str, ParamValue]

TRUE_WORDS = frozenset({"true", "on", "yes", "1"})
FALSE_WORDS = frozenset({"false", "off", "no", "0", ""})


class FieldKind(StrEnum):
    """What kind of value a field holds; a form draws its control from it."""

    INTEGER = "integer"
    PERCENT = "percent"
    NUMBER = "number"
    CHOICE = "choice"
    BOOLEAN = "boolean"


@dataclass(frozen=True)
class Choice:
    """One value of a choice field and the words it is offered in."""

    value: str
    label: str


@dataclass(frozen=True)
class RuleField:
    """One parameter of a rule.

    `default` is used where nothing is given; a default of None means "from the scale", and `default_on`
    says which value that is. A boolean must be off by default, because a browser sends nothing for a box
    that is not ticked.
    """

    name: str
    label: str
    kind: FieldKind
    default: ParamValue
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    # Values that stored rules may hold and no new one: they are read as they were meant.
    retired: tuple[Choice, ...] = ()
    default_on: Callable[[Scale], ParamValue] | None = None

    def __post_init__(self) -> None:
        if self.kind is FieldKind.BOOLEAN and self.default is not False:
            raise ValueError(f"the boolean field {self.name!r} must be off by default")
        if self.kind is FieldKind.CHOICE and self.default not in {choice.value for choice in self.choices}:
            raise ValueError(f"the default of {self.name!r} is not among its choices")

    def value_without_input(self, scale: Scale | None) -> ParamValue:
        """The default, taken from the scale where there is one and the field depends on it."""
        if self.default is None and self.default_on is not None and scale is not None:
            return self.default_on(scale)
        return self.default

    def parse(self, raw: object) -> ParamValue:
        """The value of raw form or JSON input; raises ValueError with a message for whoever typed it."""
        if self.kind is FieldKind.BOOLEAN:
            return _parse_boolean(raw)
        if self.kind is FieldKind.CHOICE:
            return self._parse_choice(raw)
        number = _parse_number(raw) if self.kind is FieldKind.NUMBER else _parse_whole(raw)
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"Must be {self.minimum:g} or more.")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"Must be {self.maximum:g} or less.")
        return number

    def _parse_choice(self, raw: object) -> str:
        value = str(raw).strip()
        if value not in {choice.value for choice in (*self.choices, *self.retired)}:
            offered = ", ".join(choice.value for choice in self.choices)
            raise ValueError(f"Choose one of: {offered}.")
        return value


# How a rule is worded and what it counts besides; kept with a rule that is stored, beside its name and settings.
# 1: shares of motions have intervals, and those of panels do not say as if of what. Rules stored without one are of it.
# 2: some sentences give a share twice, and some of their shares stand in no table beside them.
VERSION, FIRST_VERSION, NEWEST_VERSION = "version", 1, 3
SAID_ONCE = 3


def version_of(params: Params) -> int:
    """Which wording these completed parameters ask for."""
    found = params.get(VERSION, NEWEST_VERSION)
    return found if isinstance(found, int) else NEWEST_VERSION


def says_once(params: Params) -> bool:
    """Whether the sentence gives each share once, and the table beside it every share of the sentence."""
    return version_of(params) >= SAID_ONCE


def minimum_voters_field(default: int = 5) -> RuleField:
    """The field that most rules share: under this many ratings nothing is said."""
    return RuleField(
        "minimum_voters",
        "Fewest ratings to say anything",
        FieldKind.INTEGER,
        default,
        minimum=1,
        maximum=1000,
    )


def whole(params: Params, name: str) -> int:
    """A parsed whole-number parameter; raises TypeError where the rule declared another kind."""
    value = params[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not a whole number")
    return value


def chosen(params: Params, name: str) -> str:
    """A parsed choice parameter; raises TypeError where the rule declared another kind."""
    value = params[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is not a choice")
    return value


def _parse_boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("Must be yes or no.")


def _parse_whole(raw: object) -> int:
    number = _parse_number(raw)
    if number != int(number):
        raise ValueError("Must be a whole number.")
    return int(number)


def _parse_number(raw: object) -> float:
    is_readable = isinstance(raw, int | float | str) and not isinstance(raw, bool)
    try:
        # Python would read 7_5 as seventy-five.
        number = float(str(raw)) if is_readable and "_" not in str(raw) else nan
    except ValueError:
        # A comma, a true minus, blanks between thousands; what has two readings is asked back.
        read = typed_number(str(raw))
        number = nan if read is None else float(read)
    if not isfinite(number):
        raise ValueError("Must be a number.")
    return number
