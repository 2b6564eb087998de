"""Whether a ballot could have been cast: what each kind of poll takes, and under which settings."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.verification.counting.paper import OUTSIDE, Answer

# Says what is wrong with a ballot, or nothing.
Refusal = Callable[[Answer, Sequence[str], Mapping[str, Any]], str]


def refusal(kind: str, answer: Any, *, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    """Why this ballot could not have been cast, or an empty text."""
    if not isinstance(answer, Mapping):
        return "a ballot is an object"
    if kind != "points" and answer == {"abstain": True}:
        return ""
    if answer == {"outside": True}:
        return "" if settings.get("outside") == "offered" else "outside expertise is not offered here"
    return _REFUSALS[kind](answer, keys, settings)


def _fields(answer: Answer, *names: str) -> str:
    return "" if set(answer) == set(names) else f"it holds {', '.join(sorted(answer))}, not {', '.join(names)}"


def _is_whole(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _on_scale(values: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    wrong = [f"{key} is {value!r}" for key, value in values.items()
             if value != OUTSIDE and not _is_whole(value, settings["scale_min"], settings["scale_max"])]
    return "; ".join(wrong)


def _rating(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "ratings")
    if wrong:
        return wrong
    return _on_scale(answer["ratings"], settings) if set(answer["ratings"]) == set(keys) else "it rates other options"


def _matrix(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "ratings")
    if wrong:
        return wrong
    names = {f"c{place}" for place, _ in enumerate(settings["criteria"].splitlines(), start=1)}
    if set(answer["ratings"]) != set(keys) or any(set(row) != names for row in answer["ratings"].values()):
        return "it rates other options or criteria"
    return "; ".join(filter(None, (_on_scale(row, settings) for row in answer["ratings"].values())))


def _single(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    return _fields(answer, "choice") or ("" if answer["choice"] in keys else "it chooses what is not on the paper")


def _listed(name: str) -> Refusal:
    def check(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
        wrong = _fields(answer, name)
        if wrong:
            return wrong
        # The order is that of the paper, so that it says nothing.
        if answer[name] != [key for key in keys if key in answer[name]]:
            return "it chooses what is not on the paper, or in another order than the paper's"
        few, many = settings.get("min_chosen", 0), settings.get("max_chosen", len(keys))
        return "" if few <= len(answer[name]) <= many else f"it chooses {len(answer[name])}, not {few} to {many}"

    return check


def _words(words: tuple[str, ...], *, is_whole: bool) -> Refusal:
    def check(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
        wrong = _fields(answer, "votes")
        if wrong:
            return wrong
        votes = answer["votes"]
        offered = [word for word in words if word != OUTSIDE or settings.get("outside") == "offered"]
        if not votes or not set(votes) <= set(keys) or (is_whole and set(votes) != set(keys)):
            return "it votes on other statements"
        return "; ".join(f"{key} is {word!r}" for key, word in votes.items() if word not in offered)

    return check


def _numeric(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "estimates", "outside")
    if wrong:
        return wrong
    if sorted([*answer["estimates"], *answer["outside"]]) != sorted(keys):
        return "it does not answer every quantity once"
    return "; ".join(f"{key} is {value!r}" for key, value in answer["estimates"].items()
                     if not _is_estimate(value, settings))


def _is_estimate(value: Any, settings: Mapping[str, Any]) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**12:
        return False
    low, high = settings["lowest"], settings["highest"]
    return ((100 * Fraction(str(value))).denominator == 1
            and (low is None or value >= low) and (high is None or value <= high))


def _text(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "texts", "outside")
    if wrong:
        return wrong
    answered = [*answer["texts"], *answer["outside"]]
    if not answered or len(set(answered)) != len(answered) or not set(answered) <= set(keys):
        return "it answers other questions, or one twice, or none"
    return "; ".join(f"{key} is empty or too long" for key, words in answer["texts"].items()
                     if not isinstance(words, str) or not 1 <= len(words) <= settings["longest"])


def _ranking(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "ranks")
    if wrong:
        return wrong
    ranks = answer["ranks"]
    if not ranks or not set(ranks) <= set(keys) or (settings["top"] and len(ranks) > settings["top"]):
        return "it ranks other options, none, or too many"
    places = set(ranks.values())
    is_whole = all(_is_whole(rank, 1, len(keys)) for rank in places)
    return "" if is_whole and places == set(range(1, len(places) + 1)) else "its ranks have gaps"


def _points(answer: Answer, keys: Sequence[str], settings: Mapping[str, Any]) -> str:
    wrong = _fields(answer, "points")
    if wrong:
        return wrong
    # Points may lie on responses that were taken back since; they were laid all the same, and within the budget.
    points = list(answer["points"].values())
    if not all(_is_whole(one, 1, settings["per_item"]) for one in points):
        return f"it lays other than 1 to {settings['per_item']} points on one response"
    return "" if sum(points) <= settings["budget"] else f"it lays {sum(points)} points of {settings['budget']}"


_REFUSALS: Mapping[str, Refusal] = {
    "rating": _rating, "matrix": _matrix, "single": _single, "multiple": _listed("chosen"),
    "approval": _listed("approved"), "agree": _words(("agree", "disagree", "pass", OUTSIDE), is_whole=False),
    "motion": _words(("yes", "no", "abstain"), is_whole=True), "numeric": _numeric, "text": _text,
    "ranking": _ranking, "points": _points}
