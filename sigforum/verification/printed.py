"""How the summary prints a result: what its lines have to say, given what was counted."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sigforum.verification.exact import interval, percent, percent_words, plain_share_numbers, thirds
from sigforum.verification.matching import Words, rounded
from sigforum.verification.rules import LABELS
from sigforum.verification.saying import typed

NOTHING = "–"
Line = Mapping[str, Any]


def printed_line(counted: Line, columns: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """One line of the summary from one line of a recount; `columns` are the figures that the kind prints. Figures
    that are not counted again are left out."""
    figures = counted["figures"]
    share = _share(figures)
    verdict = counted["verdict"]
    has_interval = figures.get("interval") is not None
    return {
        "key": counted["key"], "text": counted["text"], "answered": counted["answered"],
        "figures": [_figure(column, figures, share) for column in columns],
        "share": share and _printed_share(*share, has_interval=has_interval),
        "median": figures.get("median"), "iqr": figures.get("iqr"),
        "outside_expertise": figures.get("outside"),
        "distribution": [{"step": str(step), "count": count} for step, count in counted["distribution"]],
        "verdict": verdict and {"word": verdict["word"], "label": LABELS[verdict["word"]],
                                "because": verdict["because"], "is_fragile": verdict["is_fragile"]},
        "texts": list(counted["texts"])}


def printed_scale(settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """The scale and its thirds; None where the kind has none."""
    if "scale_min" not in settings:
        return None
    low_to, high_from = thirds(settings["scale_min"], settings["scale_max"])
    return {"minimum": settings["scale_min"], "maximum": settings["scale_max"], "lower_third_to": low_to,
            "upper_third_from": high_from, "low_label": settings.get("low_label", ""),
            "high_label": settings.get("high_label", "")}


def printed_settings(kind: str, settings: Mapping[str, Any]) -> str:
    """What else was set, in words; an empty text is left out of the summary."""
    parts = [*_SETTINGS[kind](settings)] if kind in _SETTINGS else []
    if settings.get("outside", "offered") != "offered":
        parts.append("“outside my expertise” not offered")
    return ", ".join(filter(None, parts))


def _multiple(settings: Mapping[str, Any]) -> list[str]:
    low, high = settings["min_chosen"], settings["max_chosen"]
    return [f"{low if low == high else f'{low} to {high}'} chosen by each"]


def _motion(settings: Mapping[str, Any]) -> list[str]:
    yes, no = settings["yes_label"], settings["no_label"]
    return [] if (yes, no) == ("Yes", "No") else [f"“{yes}” for yes and “{no}” for no"]


def _matrix(settings: Mapping[str, Any]) -> list[str]:
    named, weights = settings["criteria"].splitlines(), settings.get("weights", "").split()
    if weights:
        return ["weights: " + "; ".join(f"{weight} × {name}" for name, weight in zip(named, weights, strict=False))]
    return ["all criteria weigh the same"] if len(named) > 1 else []


def _numeric(settings: Mapping[str, Any]) -> list[str]:
    low, high = (None if settings[name] is None else typed(settings[name]) for name in ("lowest", "highest"))
    unit = f" {settings['unit']}" if settings["unit"] else ""
    bounds = f"from {low} to {high}{unit}" if low is not None and high is not None else (
        f"{low}{unit} or more" if low is not None else f"{high}{unit} or less" if high is not None else "")
    return [f"in{unit}" if unit else "", bounds]


_SETTINGS: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "multiple": _multiple, "motion": _motion, "matrix": _matrix, "numeric": _numeric,
    "agree": lambda settings: [{"always": "groups looked for in the votes",
                                "never": "no groups looked for in the votes"}.get(settings.get("groups", ""), "")],
    "ranking": lambda settings: [f"at most {settings['top']} ranked by each" if settings["top"] else ""],
    "text": lambda settings: [f"at most {settings['longest']} characters each"]}


def _share(figures: Mapping[str, Any]) -> tuple[int, int] | None:
    """Count and total of what is printed as a share: the upper third of the rated, or those who chose."""
    for count, total in (("high", "rated"), ("count", "of")):
        if {count, total, "interval"} <= figures.keys():
            return figures[count], figures[total]
    return None


def _printed_share(count: int, total: int, *, has_interval: bool) -> dict[str, Any]:
    low, high = (interval(count, total) if has_interval else None) or (None, None)
    return {"count": count, "total": total, "percent": percent(count, total),
            "low_percent": None if low is None else 100 * low, "high_percent": None if high is None else 100 * high}


def _figure(column: Mapping[str, str], figures: Mapping[str, Any], share: tuple[int, int] | None) -> dict[str, Any]:
    key = column["key"]
    printed: dict[str, Any] = {"key": key, "label": column["label"]}
    if key in figures:
        total = figures.get(f"{key}_of")
        said = (_text(key, figures[key], share) if total is None or figures[key] is None
                else Words(plain_share_numbers(figures[key], total)))
        printed |= {"value": figures[key], "text": said}
    return printed


def _text(key: str, value: Any, share: tuple[int, int] | None) -> Any:
    if key in ("high", "count") and share is not None:
        count, total = share
        return Words((count, total, percent_words(count, total)) if total else (count, total))
    if value is None:
        return NOTHING
    if isinstance(value, tuple):
        return Words(tuple(rounded(100 * bound, decimals=1) for bound in value))
    if isinstance(value, Words | str):
        return value
    return Words((rounded(abs(Fraction(value)), decimals=2),))
