"""Verdicts counted again: every rule from its definition, and everyone really left out once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sigforum.verification.exact import median, middle_half, plain_share_numbers, quantile, share_numbers, thirds
from sigforum.verification.matching import Number, Words, rounded

FOR, AGAINST, NONE, SPLIT, FEW = (
    "consensus_for", "consensus_against", "no_consensus", "disagreement", "too_few")
# How the summary prints a word.
LABELS = {FOR: "consensus for", AGAINST: "consensus against", NONE: "no consensus", SPLIT: "disagreement",
          FEW: "too few to say"}


# From this version on, a sentence gives each share once.
SAID_ONCE = 3


@dataclass(frozen=True, kw_only=True)
class Room:
    """Everybody whom a verdict may ask about: ratings as counts, and the people who gave none."""

    ratings: Mapping[int, int]
    lowest: int
    highest: int
    abstained: int
    outside: int
    entitled: int
    # By group whether it meets the condition for and the one against, where a rule asks each group: the sheet's word.
    groups: tuple[tuple[str, bool, bool], ...] = ()

    @property
    def rated(self) -> int:
        """How many gave a rating."""
        return sum(self.ratings.values())

    @property
    def answered(self) -> int:
        """How many answered at all."""
        return self.rated + self.abstained + self.outside

    @property
    def values(self) -> list[int]:
        """The ratings one by one."""
        return list(Counter(self.ratings).elements())

    def within(self, lowest: Fraction | int, highest: Fraction | int) -> int:
        """How many ratings lie from one number to another, both included."""
        return sum(many for rating, many in self.ratings.items() if lowest <= rating <= highest)

    def without_each(self) -> Iterator["Room"]:
        """The room without one of its people, for every person in it; people who did the same leave the same room."""
        for rating in self.ratings:
            fewer = Counter(self.ratings)
            fewer[rating] -= 1
            yield replace(self, ratings=+fewer, entitled=self.entitled - 1)
        if self.abstained:
            yield replace(self, abstained=self.abstained - 1, entitled=self.entitled - 1)
        if self.outside:
            yield replace(self, outside=self.outside - 1, entitled=self.entitled - 1)
        if self.entitled > self.answered:
            yield replace(self, entitled=self.entitled - 1)


@dataclass(frozen=True)
class Judged:
    """The word, and the numbers that the sentence beside it has to name."""

    word: str
    numbers: tuple[Number, ...]


Judge = Callable[[Room, Mapping[str, Any]], Judged]


def verdict(rule: Mapping[str, Any] | None, room: Room) -> dict[str, Any] | None:
    """The verdict as a tally sheet publishes it; None without a rule. Raises KeyError for an unknown rule."""
    if rule is None:
        return None
    judge, params = JUDGES[rule["name"]], rule["params"]
    if rule.get("version", 1) > 1:
        params = {**params, "version": rule["version"]}
    found = judge(room, params)
    if asks_groups(rule) and room.groups and found.word != FEW:
        # Who is of which group is published nowhere, so what would be without one of a group cannot be counted.
        return {"word": _in_groups(found.word, room, params), "because": Words(found.numbers, goes_on=True)}
    is_fragile = None if found.word == FEW else any(
        judge(smaller, params).word != found.word for smaller in room.without_each())
    return {"word": found.word, "because": Words(found.numbers), "is_fragile": is_fragile}


def says_once(rule: Mapping[str, Any] | None) -> bool:
    """Whether a rule was stored with a version whose sentence gives each share once, and the table has them all."""
    return rule is not None and rule.get("version", 1) >= SAID_ONCE


def said_shares(rule: Mapping[str, Any] | None, room: Room) -> dict[str, int]:
    """Count and total of the shares that a rule's sentence gives and that are of no third among those who rated."""
    if rule is None or not says_once(rule):
        return {}
    params, name = rule["params"], rule["name"]
    total = {"answered": room.answered, "entitled": room.entitled}.get(
        params.get("who_counts") or params.get("majority_of"), room.rated)
    if name == "two_thirds":
        of_others = params["majority_of"] in ("answered", "entitled")
        return _pairs(total, for_=room.ratings.get(1, 0), against=room.ratings.get(0, 0)) if of_others else {}
    if name == "rand_ucla":
        return {"rated_middle": room.within(4, 6), "rated_middle_of": room.rated}
    if name == "median_iqr":
        most = _widest(room, params)
        middle = median(room.values) if room.rated else None
        near = 0 if middle is None else room.within(middle - most, middle + most)
        return {} if most == 1 else {"near_median": near, "near_median_of": room.rated}
    high_from, low_to, high, low = _bands(room, params)
    is_told = (low_to, high_from) == thirds(room.lowest, room.highest) and params.get("who_counts", "rated") == "rated"
    return {} if is_told else _pairs(total, for_=high, against=low)


def _pairs(total: int, *, for_: int, against: int) -> dict[str, int]:
    return {"rated_for": for_, "rated_for_of": total, "rated_against": against, "rated_against_of": total}


def asks_groups(rule: Mapping[str, Any]) -> bool:
    """Whether a rule asks its condition of each stakeholder group."""
    params = rule["params"]
    return bool(params.get("each_group")) or params.get("variant") == "out50_each_group"


def _in_groups(word: str, room: Room, params: Mapping[str, Any]) -> str:
    """A word stands where every group meets the condition of its side."""
    if word not in (FOR, AGAINST) or (word == FOR and not params.get("each_group")):
        return word
    return word if all(one[1 if word == FOR else 2] for one in room.groups) else NONE


def _bands(room: Room, params: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """The two bounds, and how many lie in the upper and in the lower band."""
    low_to, high_from = thirds(room.lowest, room.highest)
    high_from = high_from if params.get("for_from") is None else params["for_from"]
    low_to = low_to if params.get("against_to") is None else params["against_to"]
    return high_from, low_to, room.within(high_from, room.highest), room.within(room.lowest, low_to)


def _percent_agreement(room: Room, params: Mapping[str, Any]) -> Judged:
    high_from, low_to, high, low = _bands(room, params)
    if room.rated < params["minimum_voters"]:
        return Judged(FEW, (room.rated, params["minimum_voters"]))
    total = {"rated": room.rated, "answered": room.answered, "entitled": room.entitled}[params["who_counts"]]
    threshold = params["threshold"]
    for_numbers = (*share_numbers(high, total), high_from)
    against_numbers = (*share_numbers(low, total), low_to)
    if total and 100 * high >= threshold * total:
        return Judged(FOR, (*for_numbers, threshold))
    if total and 100 * low >= threshold * total:
        return Judged(AGAINST, (*against_numbers, threshold))
    return Judged(NONE, (*for_numbers, *against_numbers, threshold))


def _seventy_fifteen(room: Room, params: Mapping[str, Any]) -> Judged:
    high_from, low_to, high, low = _bands(room, params)
    total = room.rated
    if total < params["minimum_voters"]:
        return Judged(FEW, (total, params["minimum_voters"]))
    numbers = (*share_numbers(high, total), high_from, *share_numbers(low, total), low_to)
    if 10 * high >= 7 * total and 20 * low < 3 * total:
        return Judged(FOR, (*numbers, 70, 15))
    if params["variant"] in ("variant_out50", "out50_each_group"):
        return Judged(AGAINST, (*numbers, 50)) if 2 * high <= total else Judged(NONE, numbers)
    if 10 * low >= 7 * total and 20 * high < 3 * total:
        return Judged(AGAINST, (*numbers, 15, 70))
    return Judged(NONE, numbers)


def _rand_ucla(room: Room, params: Mapping[str, Any]) -> Judged:
    n, fewest = room.rated, 3 if params["allow_small_panel"] else 8
    if n < fewest:
        return Judged(FEW, (n, 8))
    middle = median(room.values)
    # Where 3.5 and 6.5 belong is a setting; every other median lies inside a region.
    upper_from = Fraction(13, 2) if params["half_medians"] == "higher" else Fraction(7)
    lower_to = Fraction(7, 2) if params["half_medians"] == "lower" else Fraction(3)
    word, lowest, highest = ((FOR, 7, 9) if middle >= upper_from else
                             (AGAINST, 1, 3) if middle <= lower_to else (NONE, 4, 6))
    side = word
    inside, allowed = room.within(lowest, highest), (n - 2) // 3
    low, high = room.within(1, 3), room.within(7, 9)
    if params["needed"] == "agreement" and n - inside > allowed:
        word = NONE
    numbers: tuple[Number, ...] = (rounded(middle, decimals=2), *share_numbers(inside, n), lowest, highest)
    spread: tuple[Number, ...] = ()
    if params["disagreement"] == "ipras":
        p30, p70 = (quantile(room.values, Fraction(tenths, 10), convention=params["convention"]) for tenths in (3, 7))
        most = Fraction(47, 20) + Fraction(3, 2) * abs(5 - (p30 + p70) / 2)
        is_split = p70 - p30 > most
        spread = (40, *(rounded(one, decimals=2) for one in (p70 - p30, p30, p70, most)))
    else:
        is_split = min(low, high) > allowed
    if params.get("version", 1) >= SAID_ONCE:
        numbers = _said_once(numbers, n, low=low, high=high, side=SPLIT if is_split else side, spread=spread)
    else:
        numbers += spread or (low, n, 1, 3, high, n, 7, 9, allowed + 1)
    if params["needed"] == "agreement" and (params.get("version", 1) < SAID_ONCE or not (is_split or side == NONE)):
        numbers += (allowed, lowest, highest)
    if n < 8:
        numbers += (n, 8)
    return Judged(SPLIT if is_split else word, numbers)


def _said_once(numbers: tuple[Number, ...], n: int, *, low: int, high: int, side: str, spread: tuple[Number, ...]
               ) -> tuple[Number, ...]:
    """The numbers of the later sentence: both ends of a panel that disagrees, else the median's region and, where they
    decide, the ends that it is not."""
    lows: tuple[Number, ...] = () if side == AGAINST else (low, n, 1, 3)
    highs: tuple[Number, ...] = () if side == FOR else (high, n, 7, 9)
    if side == SPLIT:
        numbers = (numbers[0], *share_numbers(low, n), 1, 3, *share_numbers(high, n), 7, 9)
        return (*numbers, *(spread or ((n - 2) // 3 + 1,)))
    return (*numbers, *spread) if spread else (*numbers, *lows, *highs, (n - 2) // 3 + 1)


def _median_iqr(room: Room, params: Mapping[str, Any]) -> Judged:
    if room.rated < params["minimum_voters"]:
        return Judged(FEW, (room.rated, params["minimum_voters"]))
    high_from, low_to, _, _ = _bands(room, params)
    middle, spread = median(room.values), middle_half(room.values, convention=params["convention"])
    most = _widest(room, params)
    near = room.within(middle - most, middle + most)
    numbers = (room.rated, rounded(middle, decimals=2), rounded(spread, decimals=2), rounded(most, decimals=2),
               *share_numbers(near, room.rated), rounded(most, decimals=2))
    if spread > most or low_to < middle < high_from:
        return Judged(NONE, numbers)
    return Judged(FOR if middle >= high_from else AGAINST, numbers)


def _widest(room: Room, params: Mapping[str, Any]) -> Fraction:
    widest = params["maximum_iqr"]
    # Read as the decimal that was typed; 1.1 is eleven tenths.
    return Fraction(str(widest)) if widest is not None else Fraction(1 if room.highest - room.lowest < 7 else 2)


def _two_thirds(room: Room, params: Mapping[str, Any]) -> Judged:
    yes, no = room.ratings.get(1, 0), room.ratings.get(0, 0)
    took_part: tuple[Number, ...] = (room.answered, room.entitled, params["quorum"])
    if 100 * room.answered < params["quorum"] * room.entitled or not room.rated:
        return Judged(FEW, (room.rated, *took_part))
    # Terms that were stored as present counted those who answered.
    total = {"votes": room.rated, "present": room.answered, "answered": room.answered,
             "entitled": room.entitled}[params["majority_of"]]
    say = share_numbers if params.get("version", 1) == 1 else plain_share_numbers
    numbers = (*say(yes, total), *say(no, total), *took_part)
    part, whole = map(int, params["majority"].split("/"))

    def is_enough(votes: int) -> bool:
        # Half alone is not enough, because both sides could have it.
        return whole * votes > part * total if (part, whole) == (1, 2) else whole * votes >= part * total

    return Judged(FOR if is_enough(yes) else AGAINST if is_enough(no) else NONE, numbers)


JUDGES: Mapping[str, Judge] = {
    "percent_agreement": _percent_agreement, "seventy_fifteen": _seventy_fifteen, "rand_ucla": _rand_ucla,
    "median_iqr": _median_iqr, "two_thirds": _two_thirds}
