"""Every field of a tally sheet and of an interim one, by the kind of the poll and the terms of the round. What a result
says of its lines is what a count gives, so that those fields are judged where the ballots are counted."""

from collections.abc import Mapping
from typing import Any

from sigforum.verification.findings import Finding
from sigforum.verification.shapes import (
    MOMENT,
    NOTHING,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Shape,
    also,
    check_fields,
    each_of,
    either,
    list_of,
    list_with,
    object_of,
    one_of,
    open_object,
    some_of,
)

Sheet = Mapping[str, Any]
_LATER, _LIMIT = either(MOMENT, NOTHING), either(NUMBER, NOTHING)
# Marks of terms: any other word would read as if the mark were not there.
_OFFER = {"outside": one_of("offered", "left_out")}
_SHARES = _OFFER | {"intervals": one_of("none")}
_NAMES = {"names": one_of("without stops")}
_SCALE = {"scale_min": WHOLE, "scale_max": WHOLE, "low_label": TEXT, "high_label": TEXT}
SETTINGS: Mapping[str, Mapping[str, Shape]] = {
    "single": _SHARES, "approval": _SHARES, "multiple": _SHARES | {"min_chosen": WHOLE, "max_chosen": WHOLE},
    "agree": _SHARES | {"groups": one_of("by_size", "always", "never")},
    "motion": {"yes_label": TEXT, "no_label": TEXT}, "rating": _SCALE,
    "matrix": _SCALE | _NAMES | {"criteria": TEXT, "weights": TEXT, "leads_error": one_of("told")},
    "numeric": {"unit": TEXT, "lowest": _LIMIT, "highest": _LIMIT}, "text": {"longest": WHOLE},
    "ranking": _OFFER | _NAMES | {"top": WHOLE, "w_p": one_of("exact")},
    "points": {"budget": WHOLE, "per_item": WHOLE}}
_BAND = either(WHOLE, NOTHING)
_BANDS = {"for_from": _BAND, "against_to": _BAND, "minimum_voters": WHOLE}
_QUANTILES = {"convention": one_of("linear", "lower", "higher", "nearest-rank")}
RULES: Mapping[str, Mapping[str, Shape]] = {
    "percent_agreement": _BANDS | {
        "threshold": NUMBER, "who_counts": one_of("rated", "answered", "entitled"), "each_group": YES_NO},
    "seventy_fifteen": _BANDS | {
        "variant": one_of("orig", "variant_out50", "out50_each_group"), "each_group": YES_NO},
    "rand_ucla": _QUANTILES | {
        "disagreement": one_of("panel_size", "ipras"), "needed": one_of("no_disagreement", "agreement"),
        "half_medians": one_of("higher", "middle", "lower"), "allow_small_panel": YES_NO},
    "median_iqr": _BANDS | _QUANTILES | {"maximum_iqr": _LIMIT},
    "two_thirds": {"majority": one_of("1/2", "2/3", "3/4", "4/5", "1/1"), "quorum": NUMBER,
                   "majority_of": one_of("votes", "present", "answered", "entitled")}}
VERSIONS = (1, 2, 3)
# What a ballot holds, by kind: the name, and the shape of what stands there for one option, or there at all.
_BY_OPTION: Mapping[str, tuple[str, Shape]] = {
    "rating": ("ratings", either(WHOLE, TEXT)), "agree": ("votes", TEXT), "motion": ("votes", TEXT),
    "numeric": ("estimates", NUMBER), "text": ("texts", TEXT), "ranking": ("ranks", WHOLE),
    "points": ("points", WHOLE)}
_WHOLE_ANSWER: Mapping[str, tuple[str, Shape]] = {
    "single": ("choice", TEXT), "multiple": ("chosen", list_of(TEXT)), "approval": ("approved", list_of(TEXT))}
_OPTIONS = list_of(object_of(key=TEXT, text=TEXT, since_round=WHOLE))
_HEADCOUNT = object_of(invited=WHOLE, entitled=WHOLE, recused=WHOLE)
_LINE = open_object(
    key=TEXT, text=TEXT, answered=WHOLE, figures=open_object(groups_met=list_of(list_with([TEXT, YES_NO, YES_NO]))),
    verdict=either(open_object(is_fragile=either(YES_NO, NOTHING)), NOTHING))
_RESULT = object_of(
    kind=TEXT, headcount=_HEADCOUNT, answered=WHOLE, abstained=WHOLE, outside=either(WHOLE, NOTHING), rule=TEXT,
    text=TEXT, columns=list_of(object_of(key=TEXT, label=TEXT)), lines=list_of(_LINE),
    extra=open_object(draws=WHOLE, seed=WHOLE))


def check_sheet_shape(sheet: Sheet, *, file: str) -> Finding:
    """Whether the fields of a tally sheet are those of its kind, and of their types."""
    return check_fields(sheet, also(object_of(**_terms_of(sheet), **_counted(sheet), late=WHOLE), **(
        {"countable": WHOLE} if sheet["ballots"] is None else {})), file=file)


def check_interim_shape(sheet: Sheet, *, file: str) -> Finding:
    """The same of an interim sheet."""
    laid = each_of(_keys(sheet), list_of(WHOLE))
    return check_fields(sheet, object_of(**_terms_of(sheet), laid=laid), file=file)


def unknown_terms(terms: Mapping[str, Any]) -> str:
    """What of the terms this program does not know, so that it cannot judge the round; else nothing."""
    if terms["kind"] not in SETTINGS:
        return f"the kind “{terms['kind']}”"
    rule = terms["rule"] or {}
    if rule and rule["name"] not in RULES:
        return f"the rule “{rule['name']}”"
    version = rule.get("version", 1)
    return f"version {version} of the rule “{rule['name']}”" if version not in VERSIONS else ""


def _terms_of(sheet: Sheet) -> dict[str, Shape]:
    terms = sheet["terms"]
    settings, rule = some_of(**SETTINGS[terms["kind"]]), _rule(terms["rule"])
    return {
        "schema": TEXT, "meeting": TEXT, "session": TEXT, "poll": WHOLE, "round": WHOLE, "opened_at": MOMENT,
        "closed_at": _LATER, "revealed_at": _LATER, "had_feedback": YES_NO, "terms_sha256": TEXT, "options": _OPTIONS,
        "headcount": _HEADCOUNT, "deviations": list_with([_deviation(one, settings) for one in sheet["deviations"]]),
        "terms": also(object_of(kind=TEXT, title=TEXT, settings=settings, rule=rule, secrecy=TEXT, visibility=TEXT,
                                options=_OPTIONS), least_told=WHOLE)}


def _rule(rule: Mapping[str, Any] | None) -> Shape:
    if not isinstance(rule, Mapping):
        return NOTHING
    return also(object_of(name=one_of(*RULES), params=some_of(**RULES.get(str(rule["name"]), {}))),
                version=one_of(*VERSIONS))


def _deviation(made: Mapping[str, Any], settings: Shape) -> Shape:
    """What changed between two rounds: either value is one that stands in the terms under that name."""
    plain = {"title": TEXT, "visibility": TEXT, "settings": settings, "options": list_of(TEXT)}
    before, after = ((plain.get(str(made["field"])) or _rule(made[name])) for name in ("before", "after"))
    return object_of(field=one_of(*plain, "rule"), before=before, after=after, from_round=WHOLE, reason=TEXT,
                     made_at=MOMENT)


def _counted(sheet: Sheet) -> dict[str, Shape]:
    """Ballots and what they come to; where they are kept back, how many they are."""
    if sheet["ballots"] is None:
        return {"ballots": NOTHING, "result": NOTHING, "withheld": WHOLE}
    named = {"name": TEXT} if sheet["terms"]["secrecy"] == "open" else {}
    says = each_of(("", *_keys(sheet)), TEXT)
    ballot = also(object_of(code=TEXT, answer=_answer(sheet), says=says), **named)
    return {"ballots": list_of(ballot), "result": _RESULT}


def _answer(sheet: Sheet) -> Shape:
    kind, keys, settings = sheet["terms"]["kind"], _keys(sheet), sheet["terms"]["settings"]
    outside = list_of(TEXT) if kind in ("numeric", "text") else YES_NO
    if kind in _WHOLE_ANSWER:
        name, held = _WHOLE_ANSWER[kind]
    elif kind == "matrix":
        criteria = [f"c{place}" for place, _ in enumerate(settings["criteria"].splitlines(), start=1)]
        name, held = "ratings", each_of(keys, each_of(criteria, either(WHOLE, TEXT)))
    else:
        name, one = _BY_OPTION[kind]
        # Points stay where they were laid when a response is taken back, and with it its place among the options.
        held = {**each_of(keys, one), "patternProperties": {r"r\d+": one} if kind == "points" else {}}
    return some_of(**{name: held}, abstain=YES_NO, outside=outside)


def _keys(sheet: Sheet) -> list[str]:
    return [option["key"] for option in sheet["options"]]
