"""Single choice, multiple choice and approval: how many chose each option, of those who chose at all."""

from collections.abc import Mapping
from typing import Any

from sigforum.verification.counting.paper import Count, line, result, turnout_numbers
from sigforum.verification.exact import interval, percent, percent_words, plain_share_numbers, share_numbers
from sigforum.verification.matching import Words


def share(chosen: int, total: int, *, has_interval: bool = True) -> dict[str, Any]:
    """The figures that every share has; only those of older terms have an interval."""
    return {"count": chosen, "of": total, "percent": percent(chosen, total),
            "interval": interval(chosen, total) if has_interval else None,
            "percent_text": Words((percent_words(chosen, total),) if total else ()),
            "readout": Words((share_numbers if has_interval else plain_share_numbers)(chosen, total))}


def has_intervals(settings: Mapping[str, Any]) -> bool:
    """Whether the shares of a kind that chooses have intervals: newer terms say that they have none."""
    return settings.get("intervals") != "none"


def count_choices(count: Count) -> dict[str, Any]:
    """The three kinds differ in the name of what was chosen alone."""
    sets = [set(_chosen(answer)) for answer in count.answers if not _is_beside(answer)]
    lines = [line(option, answered=len(sets), figures=share(
        sum(option["key"] in one for one in sets), len(sets), has_interval=has_intervals(count.settings)))
        for option in count.options]
    return result(count, lines, text=Words(turnout_numbers(count)), outside=count.outside)


def _is_beside(answer: Mapping[str, Any]) -> bool:
    return answer.get("abstain") is True or answer.get("outside") is True


def _chosen(answer: Mapping[str, Any]) -> list[str]:
    if "choice" in answer:
        return [answer["choice"]]
    listed: list[str] = answer["chosen"] if "chosen" in answer else answer["approved"]
    return listed
