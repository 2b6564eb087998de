"""What a ballot says in words, so that a voter who looks it up is not told something else than is counted."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sigforum.verification.counting.paper import OUTSIDE, Answer
from sigforum.verification.counting.statements import AGREE_LABELS

BESIDE = "Outside my expertise"
Options = Mapping[str, str]
Say = Callable[[Answer, Options, Mapping[str, Any]], Mapping[str, str]]


def words_of(kind: str, answer: Answer, *, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    """The words by option key, '' for the whole ballot; `options` are the texts on the paper by key."""
    if answer.get("abstain") is True and kind != "points":
        return {"": "Abstained"}
    if answer.get("outside") is True:
        return {"": BESIDE}
    return _SAY[kind](answer, options, settings)


def _rating(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    ends = {settings["scale_min"]: settings["low_label"], settings["scale_max"]: settings["high_label"]}
    return {key: BESIDE if value == OUTSIDE else f"{value} ({ends[value]})" if value in ends else str(value)
            for key, value in answer["ratings"].items() if key in options}


def _matrix(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    named = {f"c{place}": words for place, words in enumerate(settings["criteria"].splitlines(), start=1)}
    return {key: "; ".join(f"{words}: {BESIDE.lower() if row[name] == OUTSIDE else row[name]}"
                           for name, words in named.items() if name in row)
            for key, row in answer["ratings"].items() if key in options}


def _single(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    return {"": options[answer["choice"]]}


def _listed(name: str, word: str, none: str) -> Say:
    def say(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
        return dict.fromkeys(answer[name], word) or {"": none}

    return say


def _agree(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    words = AGREE_LABELS | {OUTSIDE: BESIDE}
    return {key: words[word] for key, word in answer["votes"].items()}


def _motion(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    words = {"yes": settings["yes_label"], "no": settings["no_label"], "abstain": "Abstained"}
    return {key: words[word] for key, word in answer["votes"].items()}


def _numeric(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    unit = f" {settings['unit']}" if settings["unit"] else ""
    return {key: typed(value) + unit for key, value in answer["estimates"].items()} | dict.fromkeys(
        answer["outside"], BESIDE)


def typed(value: int | float) -> str:
    """A number as it was typed."""
    # At most two decimals can be typed, and zeros behind them are not printed.
    hundredths = round(abs(100 * Fraction(str(value))))
    whole, rest = divmod(hundredths, 100)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "")


def _text(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    return {**answer["texts"], **dict.fromkeys(answer["outside"], BESIDE)}


def _ranking(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    ranks = {key: rank for key, rank in answer["ranks"].items() if key in options}
    return {key: _place(list(ranks.values()), ranks[key]) if key in ranks else "Not ranked" for key in options}


def _place(ranks: list[int], rank: int) -> str:
    others = ranks.count(rank) - 1
    shared = "" if not others else f", equal with {others} other" + "s" * (others > 1)
    return f"Place {1 + sum(one < rank for one in ranks)}{shared}"


def _points(answer: Answer, options: Options, settings: Mapping[str, Any]) -> Mapping[str, str]:
    if not answer["points"]:
        return {"": "No points laid"}
    return {key: f"{points} point" + "s" * (points > 1) for key, points in answer["points"].items() if key in options}


_SAY: Mapping[str, Say] = {
    "rating": _rating, "matrix": _matrix, "single": _single, "multiple": _listed("chosen", "Chosen", "Chose none"),
    "approval": _listed("approved", "Approved", "Approved of none"), "agree": _agree, "motion": _motion,
    "numeric": _numeric, "text": _text, "ranking": _ranking, "points": _points}
