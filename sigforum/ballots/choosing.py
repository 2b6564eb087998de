"""What the kinds that choose share: the answers beside the question, known options, and shares."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sigforum.ballots.domain import (
    ABSTAIN,
    ABSTAIN_PLACE,
    OUTSIDE,
    OUTSIDE_PLACE,
    Answer,
    Column,
    Headcount,
    Paper,
    Result,
    ResultLine,
    is_abstention,
    is_outside,
)
from sigforum.consensus.bands import TabledShare
from sigforum.consensus.proportions import Proportion, describe_proportion, describe_share, percent_text
from sigforum.kernel.errors import Invalid

OFFERED = "offered"
OFFERS = {OFFERED: "Offered", "left_out": "Left out"}
# How ballots are told: to their own voters in a later round, and in the list of an open poll.
ABSTAINED, OUTSIDE_EXPERTISE = "Abstained", "Outside my expertise"
INTERVAL = Column(key="interval", label="95 % interval")
# Who may choose is no sample of anybody. Rounds that opened under older terms, which do not say so, have intervals.
INTERVALS, NO_INTERVALS = "intervals", "none"


def has_intervals(paper: Paper) -> bool:
    """Whether the shares of a round have intervals, as those of older terms have."""
    return paper.settings.get(INTERVALS) != NO_INTERVALS


def columns_under(columns: Sequence[Column], paper: Paper) -> tuple[Column, ...]:
    """The columns of a kind that chooses; that of the interval stands behind the share where there is one."""
    first, *rest = columns
    return (first, *([INTERVAL] if has_intervals(paper) else []), *rest)


def read_offer(raw: Mapping[str, str]) -> str:
    """Whether "outside my expertise" is offered: the setting `outside`. Raises Invalid."""
    offer = str(raw.get("outside") or OFFERED)
    if offer not in OFFERS:
        raise Invalid({"outside": "Choose whether “outside my expertise” is offered."})
    return offer


def settings_words(*parts: str, settings: Mapping[str, Any]) -> str:
    """What a kind's settings mean, and that nobody could say that it is outside their expertise."""
    left_out = "“outside my expertise” not offered" if settings.get("outside", OFFERED) != OFFERED else ""
    return ", ".join(filter(None, [*parts, left_out]))


def answer_beside(raw: Any, paper: Paper) -> dict[str, Any] | None:
    """The abstention, or the "outside my expertise" where it is offered, that a whole ballot is; else None."""
    if not isinstance(raw, Mapping):
        raise Invalid({"": "A ballot holds its answers by name."})
    if raw.get("abstain") is True:
        return dict(ABSTAIN)
    if raw.get("outside") is True and paper.settings.get("outside") == OFFERED:
        return dict(OUTSIDE)
    return None


def form_beside(form: Mapping[str, str]) -> dict[str, Any] | None:
    """The same from a form's fields `abstain` and `outside`."""
    if form.get("abstain"):
        return dict(ABSTAIN)
    return dict(OUTSIDE) if form.get("outside") else None


def describe_beside(answer: Answer) -> dict[str, str]:
    """An answer beside the question in words, as the whole ballot; empty for any other ballot."""
    if is_abstention(answer):
        return {"": ABSTAINED}
    return {"": OUTSIDE_EXPERTISE} if is_outside(answer) else {}


def place_beside(answer: Answer) -> str | None:
    """The place of an answer beside the question, to be compared between rounds; None for any other ballot."""
    if is_abstention(answer):
        return ABSTAIN_PLACE
    return OUTSIDE_PLACE if is_outside(answer) else None


def everywhere(place: str, paper: Paper) -> dict[str, int | float | str]:
    """The same place for every option, as a ballot has that says nothing about any."""
    return dict.fromkeys(paper.keys, place)


def known_keys(given: Any, paper: Paper) -> list[str]:
    """The options named, each once and in the order of the paper. Raises Invalid by key."""
    if not isinstance(given, list | tuple) or not all(isinstance(key, str) for key in given):
        raise Invalid({"": "A ballot names the options it chooses."})
    strangers = {key: "This option is not on the ballot." for key in given if key not in paper.keys}
    if strangers:
        raise Invalid(strangers)
    return [key for key in paper.keys if key in given]


def describe_chosen(keys: Collection[str], paper: Paper, *, word: str, none: str) -> dict[str, str]:
    """The word at every option that was chosen; `none` for the whole ballot where it chose nothing at all."""
    return {key: word for key in paper.keys if key in keys} if keys else {"": none}


def chosen_places(keys: Collection[str], paper: Paper) -> dict[str, int | float | str]:
    """Whether each option was chosen, as words to be compared between rounds."""
    return {key: "chosen" if key in keys else "not chosen" for key in paper.keys}


def share_figures(count: int, total: int, *, has_interval: bool = True) -> dict[str, Any]:
    """The figures of a share; summaries know it by `count`, `of` and `interval`, which is None where there is none."""
    share = Proportion(count, total)
    return {"count": count, "of": total, "percent": share.percent,
            "interval": share.interval() if has_interval else None,
            "percent_text": percent_text(count, total) if total else "",
            "readout": describe_proportion(share) if has_interval else describe_share(count, total)}


def share_columns(shares: Sequence[TabledShare]) -> tuple[Column, ...]:
    """A column for each share that the rule's sentence gives besides those that every table has."""
    return tuple(Column(key=share.key, label=share.label) for share in shares)


def tabled_figures(shares: Sequence[TabledShare]) -> dict[str, int]:
    """Count and total of each; summaries print "17 of 18" wherever a figure has an `_of` beside it."""
    return {name: value for share in shares
            for name, value in ((share.key, share.count), (f"{share.key}_of", share.total))}


def who_answered(answers: Sequence[Answer], headcount: Headcount, *, did: str) -> str:
    """A readout: "18 of 24 entitled people answered: 15 chose, 2 outside their expertise, 1 abstained."."""
    abstained = sum(is_abstention(answer) for answer in answers)
    outside = sum(is_outside(answer) for answer in answers)
    parts = [f"{len(answers) - abstained - outside} {did}"]
    parts += [f"{outside} outside their expertise"] if outside else []
    parts += [f"{abstained} abstained"] if abstained else []
    return f"{len(answers)} of {headcount.entitled} entitled people answered: {', '.join(parts)}."


def count_choices(kind: str, answers: Sequence[Answer], chosen: Sequence[Collection[str]], paper: Paper, *,
                  headcount: Headcount, label: str = "Chosen by", did: str = "chose") -> Result:
    """The share of each option among those who chose; `chosen` has the keys of each such ballot."""
    lines = tuple(ResultLine(
        key=option.key, text=option.text, answered=len(chosen),
        figures=share_figures(sum(option.key in keys for keys in chosen), len(chosen),
                              has_interval=has_intervals(paper)))
        for option in paper.options)
    return Result(
        kind=kind, headcount=headcount, answered=len(answers),
        abstained=sum(is_abstention(answer) for answer in answers),
        outside=sum(is_outside(answer) for answer in answers), lines=lines,
        columns=columns_under([Column(key="count", label=label)], paper),
        text=who_answered(answers, headcount, did=did))
