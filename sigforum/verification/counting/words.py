"""Open text: what people wrote, sorted by the words."""

from typing import Any

from sigforum.verification.counting.paper import Count, line, result, turnout_numbers
from sigforum.verification.matching import Words


def count_text(count: Count) -> dict[str, Any]:
    """Every question by itself, without names and times."""
    lines = []
    for option in count.options:
        key = option["key"]
        written = [answer["texts"][key] for answer in count.answers if key in answer.get("texts", {})]
        outside = sum(1 for answer in count.answers if "texts" in answer and key in answer["outside"])
        lines.append(line(option, answered=len(written) + outside, texts=sorted(sorted(written), key=str.casefold),
                          figures={"written": len(written), "outside": outside}))
    return result(count, lines, text=Words(turnout_numbers(count)))
