"""Comparing what is published with what was counted: values, roundings, and the numbers inside sentences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeGuard

from sigforum.verification.findings import UNKNOWN, Difference, inside

# A tally sheet prints floats as they are; the summary keeps six decimals.
SHEET, SUMMARY = Fraction(1, 10**9), Fraction(6, 10**7)
# Half a unit of the last place, and a grain for numbers that were binary before they were rounded.
_GRAIN = Fraction(1, 10**6)
# What stands in a difference for a field that is not there at all.
MISSING = "(missing)"
LARGEST = 10**18
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Near:
    """A number that was rounded, or drawn by lot, before it was published."""

    value: Fraction
    margin: Fraction

    def __str__(self) -> str:
        return plain(self.value)


# A number in a sentence; as a text, its very digits count: 69.95 must not be printed as 70.0.
Number = int | Near | str


@dataclass(frozen=True)
class Words:
    """A sentence of which the numbers count, in their order; the words between them are nobody's claim.

    With `goes_on` further numbers may follow.
    """

    numbers: tuple[Number, ...]
    goes_on: bool = False


@dataclass(frozen=True)
class AnyOrder:
    """A list in which the order says nothing."""

    items: tuple[Any, ...]


def rounded(value: Fraction | int, *, decimals: int) -> Near:
    """A number as it stands in a sentence with that many decimals."""
    return Near(Fraction(value), Fraction(1, 2 * 10**decimals) + _GRAIN)


def differences(said: Any, counted: Any, *, where: str = "", margin: Fraction = SHEET) -> Iterator[Difference]:
    """Everything in which `said` is not what was counted. Fields that were not counted are passed over."""
    if isinstance(counted, Mapping):
        yield from _in_object(said, counted, where, margin)
    elif isinstance(counted, Sequence) and not isinstance(counted, str):
        yield from _in_list(said, counted, where, margin)
    elif isinstance(counted, AnyOrder):
        if not isinstance(said, list) or sorted(map(str, said)) != sorted(map(str, counted.items)):
            yield Difference(where=where, said=said, counted=list(counted.items))
    elif isinstance(counted, Words):
        if not isinstance(said, str) or not _numbers_match(said, counted):
            yield Difference(where=where, said=said, counted=f"the numbers {', '.join(map(str, counted.numbers))}")
    elif not is_same(said, counted, margin=margin):
        yield Difference(where=where, said=said, counted=plain(counted))


def _in_object(said: Any, counted: Mapping[str, Any], where: str, margin: Fraction) -> Iterator[Difference]:
    if not isinstance(said, Mapping):
        yield Difference(where=where, said=said, counted="an object")
        return
    for name, value in counted.items():
        yield from differences(said.get(name, MISSING), value, where=f"{where}.{name}" if where else str(name),
                               margin=margin)


def _in_list(said: Any, counted: Sequence[Any], where: str, margin: Fraction) -> Iterator[Difference]:
    if not isinstance(said, list) or len(said) != len(counted):
        yield Difference(where=where, said=said, counted=plain(counted))
        return
    for place, (one, other) in enumerate(zip(said, counted, strict=True)):
        yield from differences(one, other, where=f"{where}[{place}]", margin=margin)


def added(said: Any, counted: Any, *, where: str) -> Iterator[Difference]:
    """Every field of an object, and of those inside it, that the counted one does not have."""
    if isinstance(said, Mapping) and isinstance(counted, Mapping):
        for name, value in said.items():
            if name in counted:
                yield from added(value, counted[name], where=inside(where, name))
            else:
                yield Difference(where=inside(where, name), said=value, counted=UNKNOWN)


def is_same(said: Any, counted: Any, *, margin: Fraction = SHEET) -> bool:
    """Whether one value is the other: numbers within the margin, everything else exactly."""
    if isinstance(counted, Near):
        return _is_number(said) and abs(_exact(said) - counted.value) <= counted.margin
    if _is_number(counted):
        value = _exact(counted)
        return _is_number(said) and abs(_exact(said) - value) <= margin * max(Fraction(1), abs(value))
    return bool(said == counted) and isinstance(said, bool) == isinstance(counted, bool)


def plain(value: Any) -> Any:
    """A counted value as people and JSON read it."""
    if isinstance(value, Near):
        return plain(value.value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.6f}".rstrip("0")
    return value


def _numbers_match(said: str, counted: Words) -> bool:
    found = _NUMBER.findall(said)
    if len(found) < len(counted.numbers) or (len(found) > len(counted.numbers) and not counted.goes_on):
        return False
    return all(_is_token(token, number) for token, number in zip(found, counted.numbers, strict=False))


def _is_token(token: str, number: Number) -> bool:
    if isinstance(number, str):
        return token == number
    value = Fraction(Decimal(token))
    return abs(value - number.value) <= number.margin if isinstance(number, Near) else value == number


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of a text, as they are written in it."""
    return tuple(_NUMBER.findall(text))


def _is_number(value: Any) -> TypeGuard[int | float | Fraction]:
    is_numeric = isinstance(value, int | float | Fraction) and not isinstance(value, bool)
    return is_numeric and -LARGEST < value < LARGEST


def _exact(value: Any) -> Fraction:
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)
