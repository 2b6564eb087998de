"""Median and interquartile range: consensus when ratings lie close together, their median on one side."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from sigforum.consensus.bands import AGAINST_TO, FOR_FROM, TabledShare, check_bands, describe_bands
from sigforum.consensus.counted_panel import CountedPanel, CountedRatings
from sigforum.consensus.percentiles import (
    CONVENTION_LABELS,
    QuantileConvention,
    exact_interquartile_range,
    exact_median,
    number_text,
)
from sigforum.consensus.proportions import AS_IF, Proportion, describe_proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule
from sigforum.consensus.rule_fields import (
    FIRST_VERSION,
    Choice,
    FieldKind,
    Params,
    ParamValue,
    RuleField,
    chosen,
    minimum_voters_field,
    says_once,
    version_of,
    whole,
)
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Finding, VerdictWord, ratings_text, too_few

LONGEST_SHORT_SCALE = 7


def widest_range_on(scale: Scale) -> int:
    """1 on scales of up to seven points, 2 on longer ones, a practice reviewed by von der Gracht (2012)."""
    return 1 if scale.points <= LONGEST_SHORT_SCALE else 2


FIELDS = (
    RuleField(
        "maximum_iqr",
        "Widest interquartile range (empty: 1 on scales of up to seven points, 2 on longer ones)",
        FieldKind.NUMBER,
        None,
        minimum=0,
        maximum=1000,
        default_on=widest_range_on,
    ),
    FOR_FROM,
    AGAINST_TO,
    RuleField(
        "convention",
        "Quartiles between two ratings",
        FieldKind.CHOICE,
        QuantileConvention.LINEAR.value,
        choices=tuple(Choice(convention.value, label) for convention, label in CONVENTION_LABELS.items()),
    ),
    minimum_voters_field(),
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    widest = params["maximum_iqr"]
    width = "1 on scales of up to seven points and 2 on longer ones" if widest is None else f"{widest:g}"
    high, low = describe_bands(params)
    return (
        f"Consensus when the interquartile range is at most {width} and the median lies on one side: "
        f"a median {high} is for and a median {low} is against. "
        f"Quartiles: {CONVENTION_LABELS[QuantileConvention(chosen(params, 'convention'))]}. "
        f"Nothing is said under {ratings_text(whole(params, 'minimum_voters'), version_of(params))}."
    )


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """For when Q3 - Q1 <= maximum_iqr and median >= for_from; against when the median is <= against_to; else none."""
    if panel.rated < whole(params, "minimum_voters"):
        return VerdictWord.TOO_FEW
    spread = exact_interquartile_range(panel.ratings, convention=chosen(params, "convention"))
    if spread > _widest(params["maximum_iqr"]):
        return VerdictWord.NO_CONSENSUS
    middle = exact_median(panel.ratings)
    if middle >= whole(params, "for_from"):
        return VerdictWord.CONSENSUS_FOR
    return VerdictWord.CONSENSUS_AGAINST if middle <= whole(params, "against_to") else VerdictWord.NO_CONSENSUS


def decide(panel: RatingPanel, params: Params) -> Finding:
    """The word with its numbers.

    Source: von der Gracht, "Consensus measurement in Delphi studies", Technol Forecast Soc Change 79 (2012)
    1525-1536.
    """
    if panel.rated < whole(params, "minimum_voters"):
        return too_few(panel.rated, whole(params, "minimum_voters"), version=version_of(params))
    ratings = panel.counted.ratings
    middle = exact_median(ratings)
    spread = exact_interquartile_range(ratings, convention=chosen(params, "convention"))
    widest = _widest(params["maximum_iqr"])
    near = _near(ratings, widest)
    figures: dict[str, object] = {"median": float(middle), "iqr": float(spread), "near_median": near}
    close = describe_proportion(Proportion(near, panel.rated))
    is_new = says_once(params)
    most = width_text(widest) if is_new else number_text(widest)
    numbers = (
        f"The median of {ratings_text(panel.rated, version_of(params))} is {number_text(middle)} and the interquartile "
        f"range {number_text(spread)}, where at most {most} is asked for; "
        f"{close} {'lies' if is_new and panel.rated == 1 else 'lie'} within {most} of the median"
    )
    found = word(panel.counted, params)
    is_between = found is VerdictWord.NO_CONSENSUS and spread <= widest
    because = f"{numbers}, but the median lies on neither side." if is_between else f"{numbers}."
    return Finding(found, because if version_of(params) == FIRST_VERSION else f"{because} {AS_IF}", figures)


def tabled(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """Those near the median; how many lie within one step of it stands in every table of ratings."""
    widest = _widest(params["maximum_iqr"])
    if widest == 1:
        return ()
    near = _near(panel.ratings, widest) if panel.rated else 0
    return (TabledShare("near_median", f"Within {width_text(widest)} of the median", near, panel.rated),)


def width_text(width: Fraction) -> str:
    """The widest range as it was typed: 0.001 is no 0."""
    return f"{Decimal(width.numerator) / Decimal(width.denominator):f}"


def _near(ratings: CountedRatings, widest: Fraction) -> int:
    middle = exact_median(ratings)
    return ratings.between(ceil(middle - widest), floor(middle + widest))


@lru_cache(maxsize=64)
def _widest(given: ParamValue) -> Fraction:
    # Going through the text reads 1.1 as eleven tenths, which is what the organizer wrote.
    return Fraction(str(given))


RULE = Rule(
    name="median_iqr",
    label="Median and interquartile range",
    source="von der Gracht, Technol Forecast Soc Change 79 (2012) 1525-1536",
    fields=FIELDS,
    applies_to=frozenset({"rating"}),
    wording=describe,
    decide=decide,
    check=check_bands,
    word=word,
    tabled=tabled,
)
