"""RAND/UCLA: the region of the median decides, unless the panel disagrees by panel size or by IPRAS."""

from fractions import Fraction

from sigforum.consensus.bands import TabledShare
from sigforum.consensus.counted_panel import CountedPanel, CountedRatings
from sigforum.consensus.each_group import listed
from sigforum.consensus.interpercentile import InterpercentileRange, describe_interpercentile, interpercentile_range
from sigforum.consensus.panel_size import (
    SMALLEST_PUBLISHED_PANEL,
    has_disagreement,
    is_published_size,
    panel_size_limits,
)
from sigforum.consensus.percentiles import CONVENTION_LABELS, QuantileConvention, exact_median, number_text
from sigforum.consensus.proportions import AS_IF, Proportion, describe_proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule
from sigforum.consensus.rule_fields import (
    FIRST_VERSION,
    Choice,
    FieldKind,
    Params,
    RuleField,
    chosen,
    says_once,
    version_of,
)
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Finding, VerdictWord, only_people, ratings_text

SMALLEST_PANEL_AT_ALL = 3
RAND_SCALE = Scale(1, 9)

REGIONS = {"low": (1, 3), "middle": (4, 6), "high": (7, 9)}
REGION_WORDS = {
    "low": VerdictWord.CONSENSUS_AGAINST,
    "middle": VerdictWord.NO_CONSENSUS,
    "high": VerdictWord.CONSENSUS_FOR,
}

DISAGREEMENT_TESTS = {
    "panel_size": "too many ratings in both 1-3 and 7-9 for the size of the panel",
    "ipras": "an interpercentile range wider than IPRAS = 2.35 + 1.5 · |5 - its centre|",
}
HALF_MEDIANS = {
    "higher": "the region above (3.5 is 4-6, 6.5 is 7-9; the manual's way)",
    "middle": "the middle region (3.5 and 6.5 are both 4-6)",
    "lower": "the region below (3.5 is 1-3, 6.5 is 4-6)",
}
NEEDED = {
    "no_disagreement": "a median in 1-3 or 7-9 without disagreement",
    "agreement": "a median in 1-3 or 7-9, no disagreement, and few enough ratings outside its region",
}


def _choices(labels: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in labels.items())


FIELDS = (
    RuleField(
        "disagreement",
        "Disagreement is",
        FieldKind.CHOICE,
        "panel_size",
        choices=_choices(DISAGREEMENT_TESTS),
    ),
    RuleField("needed", "Consensus needs", FieldKind.CHOICE, "agreement", choices=_choices(NEEDED)),
    RuleField(
        "half_medians",
        "A median of 3.5 or 6.5 belongs to",
        FieldKind.CHOICE,
        "higher",
        choices=_choices(HALF_MEDIANS),
    ),
    RuleField(
        "convention",
        "Percentiles between two ratings",
        FieldKind.CHOICE,
        QuantileConvention.LINEAR.value,
        choices=tuple(Choice(convention.value, label) for convention, label in CONVENTION_LABELS.items()),
    ),
    RuleField("allow_small_panel", "Judge panels under 8 ratings too", FieldKind.BOOLEAN, False),
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    smallest = SMALLEST_PANEL_AT_ALL if params["allow_small_panel"] else SMALLEST_PUBLISHED_PANEL
    convention = (
        f" Percentiles: {CONVENTION_LABELS[QuantileConvention(chosen(params, 'convention'))]}."
        if chosen(params, "disagreement") == "ipras"
        else ""
    )
    return (
        f"Consensus needs {NEEDED[chosen(params, 'needed')]}; disagreement is "
        f"{DISAGREEMENT_TESTS[chosen(params, 'disagreement')]}. A median of 3.5 or 6.5 belongs to "
        f"{HALF_MEDIANS[chosen(params, 'half_medians')]}.{convention} "
        f"Nothing is said under {ratings_text(smallest, version_of(params))}."
    )


def supports(scale: Scale) -> bool:
    """Only the scale from 1 to 9: the regions and the constants of the method belong to it."""
    return scale == RAND_SCALE


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """Disagreement first; then the region of the median: 7-9 is for, 1-3 is against, 4-6 is no consensus."""
    if _says_nothing(panel.rated, params):
        return VerdictWord.TOO_FEW
    ratings = panel.ratings
    if chosen(params, "disagreement") == "ipras":
        is_split = interpercentile_range(ratings, convention=chosen(params, "convention")).is_disagreement
    else:
        is_split = has_disagreement(ratings)
    if is_split:
        return VerdictWord.DISAGREEMENT
    region = _region(exact_median(ratings), half_medians=chosen(params, "half_medians"))
    if chosen(params, "needed") == "agreement" and not _is_agreement(ratings, region):
        return VerdictWord.NO_CONSENSUS
    return REGION_WORDS[region]


def decide(panel: RatingPanel, params: Params) -> Finding:
    """The word with its numbers.

    Source: Fitch et al., "The RAND/UCLA Appropriateness Method User's Manual" (2001). The panel-size limits
    are described in `panel_size`, IPRAS in `interpercentile`.
    """
    if _says_nothing(panel.rated, params):
        return _too_small(panel.rated, version_of(params))
    ratings = panel.counted.ratings
    middle = exact_median(ratings)
    region = _region(middle, half_medians=chosen(params, "half_medians"))
    spread = interpercentile_range(ratings, convention=chosen(params, "convention"))
    figures = _size_figures(ratings, inside=_inside(ratings, region))
    found = word(panel.counted, params)
    because = (_said_once(ratings, params, region, spread, found) if says_once(params)
               else _said_before(ratings, params, region, spread))
    if panel.rated < SMALLEST_PUBLISHED_PANEL:
        because += (
            f"; {panel.rated} ratings are fewer than the {SMALLEST_PUBLISHED_PANEL} the method asks for"
        )
    lowest, highest = REGIONS[region]
    figures |= {"median": float(middle), "region": f"{lowest}-{highest}", **spread.figures,
                "convention": spread.convention.value}
    as_if = "" if version_of(params) == FIRST_VERSION else f" {AS_IF}"
    return Finding(found, f"{because}.{as_if}", figures)


def tabled(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """The middle region; the outer ones are thirds of the scale."""
    return (TabledShare("rated_middle", "Rated 4 to 6", _inside(panel.ratings, "middle"), panel.rated),)


def _said_once(ratings: CountedRatings, params: Params, region: str, spread: InterpercentileRange,
               found: VerdictWord) -> str:
    """The shares that the word rests on, each given once: of both ends where the panel disagrees, and otherwise of the
    median's region with its interval."""
    rated = len(ratings)

    def share(name: str, *, has_interval: bool) -> str:
        count, (lowest, highest) = _inside(ratings, name), REGIONS[name]
        told = describe_proportion(Proportion(count, rated)) if has_interval else f"{count} of {rated}"
        return f"{told} rated {lowest} to {highest}"

    is_split, by_ipras = found is VerdictWord.DISAGREEMENT, chosen(params, "disagreement") == "ipras"
    first = ["low", "high"] if is_split else [region]
    others = [] if is_split or by_ipras else [name for name in ("low", "high") if name != region]
    shares = [*(share(name, has_interval=True) for name in first),
              *(share(name, has_interval=False) for name in others)]
    limits = panel_size_limits(rated)
    because = f"The median is {number_text(exact_median(ratings))}; {listed(shares)}"
    if by_ipras:
        because += (f"; the middle 40 % spans {number_text(spread.width)}, from {number_text(spread.p30)} to "
                    f"{number_text(spread.p70)} by {spread.convention.value} percentiles, where up to "
                    f"{number_text(spread.allowed_width)} is allowed")
    else:
        because += (f", where {limits.disagreement_min_each_extreme} on each side "
                    f"{'are' if is_split else 'would be'} disagreement")
    if chosen(params, "needed") == "agreement" and not is_split and region != "middle":
        lowest, highest = REGIONS[region]
        because += f"; agreement allows {limits.agreement_max_outside} outside {lowest} to {highest}"
    return because


def _said_before(ratings: CountedRatings, params: Params, region: str, spread: InterpercentileRange) -> str:
    """The sentence of the first two versions, which rounds that were opened under them keep."""
    inside, rated, (lowest, highest) = _inside(ratings, region), len(ratings), REGIONS[region]
    because = (f"The median is {number_text(exact_median(ratings))} and "
               f"{describe_proportion(Proportion(inside, rated))} rated {lowest} to {highest}; ")
    because += (f"{describe_interpercentile(spread)} (percentiles: {spread.convention.value})"
                if chosen(params, "disagreement") == "ipras"
                else _extremes(_size_figures(ratings, inside=inside), rated=rated))
    if chosen(params, "needed") == "agreement":
        because += f"; agreement allows {panel_size_limits(rated).agreement_max_outside} outside {lowest} to {highest}"
    return because


def _says_nothing(rated: int, params: Params) -> bool:
    smallest = SMALLEST_PANEL_AT_ALL if params["allow_small_panel"] else SMALLEST_PUBLISHED_PANEL
    return rated < smallest


def _is_agreement(ratings: CountedRatings, region: str) -> bool:
    return len(ratings) - _inside(ratings, region) <= panel_size_limits(len(ratings)).agreement_max_outside


def _size_figures(ratings: CountedRatings, *, inside: int) -> dict[str, object]:
    limits = panel_size_limits(len(ratings))
    outside = len(ratings) - inside
    return {
        "inside_region": inside,
        "outside_region": outside,
        "low": _inside(ratings, "low"),
        "high": _inside(ratings, "high"),
        "agreement_max_outside": limits.agreement_max_outside,
        "disagreement_min_each_extreme": limits.disagreement_min_each_extreme,
        "is_published_size": is_published_size(len(ratings)),
        "is_agreement": outside <= limits.agreement_max_outside,
    }


def _inside(ratings: CountedRatings, region: str) -> int:
    return ratings.between(*REGIONS[region])


def _too_small(rated: int, version: int) -> Finding:
    because = (
        f"{only_people(rated, version)} rated it; RAND/UCLA is described for panels of {SMALLEST_PUBLISHED_PANEL} or "
        "more, so nothing is said."
    )
    return Finding(VerdictWord.TOO_FEW, because)


def _region(middle: Fraction, *, half_medians: str) -> str:
    # The median of whole ratings is whole or a half, so only 3.5 and 6.5 fall between two regions.
    low_end = Fraction(7, 2) if half_medians == "lower" else Fraction(3)
    high_start = Fraction(13, 2) if half_medians == "higher" else Fraction(7)
    if middle <= low_end:
        return "low"
    return "high" if middle >= high_start else "middle"


def _extremes(figures: dict[str, object], *, rated: int) -> str:
    return (
        f"{figures['low']} of {rated} rated 1 to 3 and {figures['high']} of {rated} rated 7 to 9, where "
        f"{figures['disagreement_min_each_extreme']} on each side would be disagreement"
    )


RULE = Rule(
    name="rand_ucla",
    label="RAND/UCLA appropriateness",
    source="Fitch et al., The RAND/UCLA Appropriateness Method User's Manual (2001)",
    fields=FIELDS,
    applies_to=frozenset({"rating"}),
    wording=describe,
    decide=decide,
    supports=supports,
    word=word,
    tabled=tabled,
)
