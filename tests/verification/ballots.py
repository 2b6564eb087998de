"""Random polls of every kind with random ballots, put onto a tally sheet by the program itself."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from sigforum.ballots.domain import Headcount, Paper, PaperOption, Secrecy, Terms, Visibility
from sigforum.ballots.receipts import receipt_code
from sigforum.ballots.registry import kind_named, rules_for
from sigforum.ballots.tally_sheet import Counted, write_sheet
from sigforum.consensus.rule import RuleParamsInvalid, parse_params
from sigforum.consensus.scale import Scale
from sigforum.kernel.errors import Invalid

KINDS = ("agree", "approval", "matrix", "motion", "multiple", "numeric", "points", "ranking", "rating", "single",
         "text")
TEXTS = ("First", "Option 2 of 3", "Trial at 70 % dose", "D", "E", "F")
OUTSIDE = "x"
Draw = Any


def offered(draw: Draw) -> dict[str, str]:
    return {"outside": draw(st.sampled_from(("offered", "left_out")))}


def scale(draw: Draw) -> dict[str, str]:
    low = draw(st.integers(0, 3))
    return {"scale_min": str(low), "scale_max": str(draw(st.integers(low + 1, 11)))}


def raw_settings(draw: Draw, kind: str) -> dict[str, str]:
    if kind in ("single", "approval", "agree"):
        return offered(draw)
    if kind == "multiple":
        low = draw(st.integers(1, 2))
        return offered(draw) | {"min_chosen": str(low), "max_chosen": str(draw(st.integers(low, 5)))}
    if kind == "rating":
        return scale(draw) if draw(st.booleans()) else {}
    if kind == "matrix":
        criteria = draw(st.sampled_from(("Importance\nCost 2", "One", "A\nB\nC")))
        weights = [draw(st.integers(0, 9)) for _ in criteria.splitlines()]
        return scale(draw) | {"criteria": criteria, "weights": " ".join(map(str, weights)) if any(weights) else ""}
    if kind == "numeric":
        return {"unit": draw(st.sampled_from(("", "%", "EUR")))} | draw(st.sampled_from(
            ({}, {"lowest": "0", "highest": "100"}, {"lowest": "-5.5"})))
    if kind == "points":
        return {"budget": str(budget := draw(st.integers(1, 8))), "per_item": str(draw(st.integers(1, budget)))}
    if kind == "ranking":
        return offered(draw) | {"top": str(draw(st.integers(0, 3)))}
    return {}


def whole_ballot(settings: Mapping[str, Any], kind: str) -> list[Any]:
    beside: list[Any] = [] if kind == "points" else [{"abstain": True}]
    if settings.get("outside") == "offered" and kind != "agree":
        beside.append({"outside": True})
    return beside


def steps(settings: Mapping[str, Any]) -> Any:
    return st.one_of(st.integers(settings["scale_min"], settings["scale_max"]), st.just(OUTSIDE))


def subset(draw: Draw, keys: list[str]) -> list[str]:
    return [key for key in keys if draw(st.booleans())]


def answer(draw: Draw, kind: str, keys: list[str], settings: Mapping[str, Any]) -> Any:
    """A raw answer; one that the kind refuses is drawn again by the caller."""
    if kind == "single":
        return {"choice": draw(st.sampled_from(keys))}
    if kind in ("multiple", "approval"):
        return {"chosen" if kind == "multiple" else "approved": subset(draw, keys)}
    if kind == "agree":
        words = ["agree", "disagree", "pass"] + [OUTSIDE] * (settings["outside"] == "offered")
        return {"votes": {key: draw(st.sampled_from(words)) for key in subset(draw, keys) or keys[:1]}}
    if kind == "motion":
        return {"votes": {key: draw(st.sampled_from(("yes", "no", "abstain"))) for key in keys}}
    if kind == "rating":
        return {"ratings": {key: draw(steps(settings)) for key in keys}}
    if kind == "matrix":
        names = [f"c{place + 1}" for place in range(len(settings["criteria"].splitlines()))]
        return {"ratings": {key: {name: draw(steps(settings)) for name in names} for key in keys}}
    if kind == "ranking":
        ranked = (subset(draw, keys) or keys[:1])[:settings["top"] or None]
        return {"ranks": {key: draw(st.integers(1, len(keys))) for key in ranked}}
    if kind == "points":
        return draw(st.dictionaries(st.sampled_from(keys), st.integers(1, settings["per_item"])))
    outside = subset(draw, keys)
    rest = [key for key in keys if key not in outside]
    if kind == "text":
        words = st.text(st.sampled_from("abÄß z9=\n"), min_size=1, max_size=12)
        return {"texts": {key: draw(words) for key in rest}, "outside": outside}
    low, high = settings["lowest"], settings["highest"]
    cents = st.integers(-500 if low is None else round(100 * low), 9000 if high is None else round(100 * high))
    return {"estimates": {key: draw(cents) / 100 for key in rest}, "outside": outside}


def rule_params(draw: Draw, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    few = {"minimum_voters": draw(st.integers(1, 6))}
    conventions = {"convention": draw(st.sampled_from(("linear", "lower", "higher", "nearest-rank")))}
    if name == "percent_agreement":
        return few | {"threshold": draw(st.sampled_from((51, 60, 67, 75, 80, 100))),
                      "who_counts": draw(st.sampled_from(("rated", "answered", "entitled")))}
    if name == "seventy_fifteen":
        return few | {"variant": draw(st.sampled_from(("orig", "variant_out50", "out50_each_group")))}
    if name == "median_iqr":
        return few | conventions | {"maximum_iqr": draw(st.sampled_from((None, 0, 1, 1.1, 2.5, 3)))}
    if name == "rand_ucla":
        return conventions | {
            "disagreement": draw(st.sampled_from(("panel_size", "ipras"))),
            "needed": draw(st.sampled_from(("no_disagreement", "agreement"))),
            "half_medians": draw(st.sampled_from(("higher", "middle", "lower"))),
            "allow_small_panel": draw(st.booleans())}
    return {"majority": draw(st.sampled_from(("1/2", "2/3", "3/4", "4/5", "1/1"))),
            "majority_of": draw(st.sampled_from(("votes", "present", "answered", "entitled"))),
            "quorum": draw(st.integers(0, 100))}


def rule_of(draw: Draw, kind: Any, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """A rule with settings of its own that this kind and scale can take."""
    rules = rules_for(kind)
    on = Scale(settings["scale_min"], settings["scale_max"]) if "scale_min" in settings else None
    names = [name for name, rule in rules.items() if on is None or rule.supports(on)]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    try:
        params = parse_params(rules[name], rule_params(draw, name, settings), scale=on)
    except RuleParamsInvalid:
        # Bands of the shortest scales overlap under their own defaults; the program refuses such a poll too.
        return None
    return {"name": name, "params": params, **draw(st.sampled_from(({}, {"version": 2}, {"version": 3})))}


def canonical(kind: Any, raw: Any, paper: Paper) -> dict[str, Any] | None:
    """The ballot as it is stored, or None where the kind refuses it."""
    try:
        stored: dict[str, Any] = kind.parse_answer(raw, paper)
    except Invalid:
        return None
    return stored


@st.composite
def sheets(draw: Draw, kind_name: str, *, most: int = 14) -> dict[str, Any]:
    """A tally sheet of one kind as it comes out of a file."""
    kind = kind_named(kind_name)
    settings = kind.parse_settings(raw_settings(draw, kind_name))
    options = tuple(PaperOption(key=f"o{place + 7}", text=text)
                    for place, text in enumerate(TEXTS[:draw(st.integers(1, 5))]))
    paper = Paper(options=options, settings=settings)
    rule = rule_of(draw, kind, settings)
    answers = []
    for _ in range(draw(st.integers(0, most))):
        beside = whole_ballot(settings, kind_name)
        is_beside = beside and draw(st.integers(0, 6)) == 0
        raw = draw(st.sampled_from(beside)) if is_beside else answer(draw, kind_name, list(paper.keys), settings)
        stored = canonical(kind, raw, paper)
        if stored is not None:
            answers.append(stored)
    silent, uninvited = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    terms = Terms(kind=kind_name, title="A poll", settings=settings, rule=rule, secrecy=Secrecy.CONFIDENTIAL,
                  visibility=Visibility.AFTER_REVEAL, options=options)
    entitled = max(1, len(answers) + silent)
    counted = Counted(
        place={"meeting": "A meeting", "session": "1A", "poll": 3, "round": 1,
               "opened_at": "2026-06-16T09:00:00+00:00", "closed_at": None,
               "revealed_at": None, "had_feedback": False, "deviations": []},
        terms=terms, paper=paper, headcount=Headcount(invited=entitled + uninvited, entitled=entitled), late=0,
        ballots=[(receipt_code("a secret", place), one) for place, one in enumerate(answers)], names={})
    sheet: dict[str, Any] = json.loads(json.dumps(write_sheet(counted), ensure_ascii=False))
    return sheet
