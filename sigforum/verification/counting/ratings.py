"""Ratings on a scale: the middle, the spread, the upper third, and the verdict."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sigforum.verification.counting.paper import OUTSIDE, Count, line, result
from sigforum.verification.counting.spread import spread
from sigforum.verification.exact import interval, median, middle_half, percent, thirds
from sigforum.verification.matching import Words
from sigforum.verification.rules import Room, verdict


def count_rating(count: Count) -> dict[str, Any]:
    """Every statement by itself; whoever abstains does so from all of them."""
    return result(count, [_line(option, count) for option in count.options],
                  text=Words((len(count.answers), count.entitled)))


def _line(option: Mapping[str, Any], count: Count) -> dict[str, Any]:
    lowest, highest = count.settings["scale_min"], count.settings["scale_max"]
    given = [answer["ratings"][option["key"]] for answer in count.answers
             if option["key"] in answer.get("ratings", {})]
    ratings = [value for value in given if value != OUTSIDE]
    steps = Counter(ratings)
    outside = len(given) - len(ratings)
    room = Room(ratings=steps, lowest=lowest, highest=highest, abstained=count.abstained, outside=outside,
                entitled=count.entitled)
    high = room.within(thirds(lowest, highest)[1], highest)
    return line(
        option, answered=len(given), verdict=verdict(count.rule, room),
        distribution=[[step, steps[step]] for step in range(lowest, highest + 1)],
        figures={"rated": len(ratings), "median": median(ratings) if ratings else None,
                 "iqr": middle_half(ratings) if ratings else None, "high": high,
                 "high_percent": percent(high, len(ratings)), "interval": interval(high, len(ratings)),
                 "outside": outside,
                 **spread([steps[step] for step in range(lowest, highest + 1)], ratings)})
