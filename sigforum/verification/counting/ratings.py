"""Ratings on a scale: the middle, the spread, the upper third, and the verdict."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sigforum.verification.counting.newer import is_newer, newer_figures, whole_scale
from sigforum.verification.counting.paper import OUTSIDE, Count, line, result
from sigforum.verification.counting.spread import spread
from sigforum.verification.exact import interval, median, middle_half, percent, thirds
from sigforum.verification.matching import Words
from sigforum.verification.rules import Room, said_shares, says_once, verdict


def count_rating(count: Count) -> dict[str, Any]:
    """Every statement by itself; whoever abstains does so from all of them."""
    lines = [_line(option, count) for option in count.options]
    return result(count, lines, text=Words((len(count.answers), count.entitled)),
                  extra=whole_scale(lines, count.settings) if is_newer(count.rule) else {})


def _line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    lowest, highest = count.settings["scale_min"], count.settings["scale_max"]
    given = [answer["ratings"][option["key"]] for answer in count.answers
             if option["key"] in answer.get("ratings", {})]
    ratings = [value for value in given if value != OUTSIDE]
    steps = Counter(ratings)
    outside = len(given) - len(ratings)
    room = Room(ratings=steps, lowest=lowest, highest=highest, abstained=count.abstained, outside=outside,
                entitled=count.entitled, groups=_groups(option, count))
    high = room.within(thirds(lowest, highest)[1], highest)
    return line(
        option, answered=len(given), verdict=verdict(count.rule, room),
        distribution=[[step, steps[step]] for step in range(lowest, highest + 1)],
        figures={"rated": len(ratings), "median": median(ratings) if ratings else None,
                 "iqr": middle_half(ratings) if ratings else None, "high": high,
                 "high_percent": percent(high, len(ratings)), "interval": interval(high, len(ratings)),
                 "outside": outside,
                 **spread([steps[step] for step in range(lowest, highest + 1)], ratings),
                 **(newer_figures(ratings, lowest, highest) if is_newer(count.rule) else {}),
                 **_said_figures(room, count.rule)})


def _said_figures(room: Room, rule: Mapping[str, Any] | None) -> dict[str, int]:
    """Every share that a rule's sentence may give; rounds under earlier wordings have them in the sentence alone."""
    if not says_once(rule):
        return {}
    low = room.within(room.lowest, thirds(room.lowest, room.highest)[0])
    return {"low": low, "low_of": room.rated, "within_one_of": room.rated, **said_shares(rule, room)}


def _groups(option: Mapping[str, Any], count: Count) -> tuple[tuple[str, bool, bool], ...]:
    """What the sheet says each group meets: it names no ballot's group, so this is taken as it stands."""
    said: Mapping[str, Any] = next((one for one in count.published.get("lines", []) if one["key"] == option["key"]), {})
    return tuple((str(name), meets_for is True, meets_against is True)
                 for name, meets_for, meets_against in said.get("figures", {}).get("groups_met", []))
