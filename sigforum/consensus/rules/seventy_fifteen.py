"""70/15: in when 70 % or more rate it high and fewer than 15 % low, as core outcome sets are agreed."""

from sigforum.consensus.bands import (
    AGAINST_TO,
    FOR_FROM,
    BandCounts,
    TabledShare,
    check_bands,
    count_bands,
    describe_bands,
    tabled_bands,
)
from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.each_group import EACH_GROUP, EACH_GROUP_WORDS, asked_of_groups, marks
from sigforum.consensus.proportions import AS_IF, Proportion, at_least, below, describe_proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule, read_otherwise
from sigforum.consensus.rule_fields import (
    FIRST_VERSION,
    Choice,
    FieldKind,
    Params,
    RuleField,
    chosen,
    minimum_voters_field,
    says_once,
    version_of,
    whole,
)
from sigforum.consensus.verdicts import Finding, VerdictWord, ratings_text, too_few

MAJORITY_PERCENT = 70
OPPOSED_PERCENT = 15
HALF_PERCENT = 50

OUT_RULES = {
    "orig": "70 % or more rate it low and fewer than 15 % rate it high",
    "out50_each_group": "50 % or fewer in each stakeholder group rate it high",
}
# Asked of the whole panel, which the paper does not: ten of fifteen clinicians could outvote five patients.
RETIRED_OUT_RULES = {"variant_out50": "50 % or fewer rate it high"}

FIELDS = (
    RuleField(
        "variant",
        "Consensus against when",
        FieldKind.CHOICE,
        "orig",
        choices=tuple(Choice(value, label) for value, label in OUT_RULES.items()),
        retired=tuple(Choice(value, label) for value, label in RETIRED_OUT_RULES.items()),
    ),
    FOR_FROM,
    AGAINST_TO,
    minimum_voters_field(),
    EACH_GROUP,
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    high, low = describe_bands(params)
    return (
        "Consensus for when 70 % or more rate it high and fewer than 15 % rate it low; "
        f"consensus against when {(OUT_RULES | RETIRED_OUT_RULES)[chosen(params, 'variant')]}. "
        f"A rating {high} is high and a rating {low} is low. "
        f"Nothing is said under {ratings_text(whole(params, 'minimum_voters'), version_of(params))}."
        + (EACH_GROUP_WORDS if params["each_group"] else "")
    )


def first_version(params: Params) -> str:
    """What the first version does otherwise; `variant_out50` was never asked of each group."""
    whole_panel = ("“50 % or fewer” is asked of the panel as a whole, not of each stakeholder group; "
                   if chosen(params, "variant") == "variant_out50" else "")
    return f"{whole_panel}{read_otherwise(params)}"


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """For: high >= 70 % and low < 15 %. Against: mirrored (orig), or high <= 50 % (the other variants, of which
    out50_each_group then asks each group as well). Else none."""
    if panel.rated < whole(params, "minimum_voters"):
        return VerdictWord.TOO_FEW
    return _word(count_bands(panel.ratings, params), variant=chosen(params, "variant"))[0]


def decide(panel: RatingPanel, params: Params) -> Finding:
    """The word with its numbers.

    Source: Trials 16 (2015) s13063-015-1011-8, table 1, for the original; Trials 19 (2018)
    s13063-018-2805-2, table 3, for the variant. 70 is inclusive and 15 strict, in whole numbers: 3 low of
    20 is not in.
    """
    counts = count_bands(panel.counted.ratings, params)
    high, low = Proportion(counts.high, counts.total), Proportion(counts.low, counts.total)
    figures: dict[str, object] = {
        "total": counts.total,
        "high": counts.high,
        "middle": counts.middle,
        "low": counts.low,
        "percent_high": high.percent,
        "percent_low": low.percent,
        "interval_high": high.interval(),
        "interval_low": low.interval(),
    }
    if panel.rated < whole(params, "minimum_voters"):
        finding = too_few(panel.rated, whole(params, "minimum_voters"), version=version_of(params))
        return Finding(finding.word, finding.because, figures)
    found, asked = _word(counts, variant=chosen(params, "variant"))
    if says_once(params) and found is VerdictWord.CONSENSUS_AGAINST and chosen(params, "variant") == "orig":
        asked = "consensus against asks for fewer than 15 % who rate it high and 70 % or more who rate it low"
    because = (
        f"{describe_proportion(high)} rated it {params['for_from']} or more and "
        f"{describe_proportion(low)} rated it {params['against_to']} or less; {asked}."
    )
    return Finding(found, because if version_of(params) == FIRST_VERSION else f"{because} {AS_IF}", figures)


def in_groups(panel: RatingPanel, params: Params, finding: Finding) -> Finding:
    """The conditions asked of each group; with `out50_each_group` that against is asked of each in any case.

    Source: Trials 19 (2018) s13063-018-2805-2, table 3: "50 % or fewer ... in each stakeholder group".
    """
    variant = chosen(params, "variant")
    if finding.word is VerdictWord.CONSENSUS_FOR and not params["each_group"]:
        return finding
    return asked_of_groups(finding, marks(
        panel, holds_for=lambda own: _word(count_bands(own.ratings, params), variant="orig")[0]
        is VerdictWord.CONSENSUS_FOR,
        holds_against=lambda own: _holds_against(count_bands(own.ratings, params), variant=variant)),
        is_before_note=says_once(params))


def tabled(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """The two bands of the sentence, where they are no thirds of the scale."""
    return tabled_bands(panel, params, total=panel.rated)


def _holds_against(counts: BandCounts, *, variant: str) -> bool:
    if variant != "orig":
        return 100 * counts.high <= HALF_PERCENT * counts.total
    return at_least(counts.low, counts.total, MAJORITY_PERCENT) and below(counts.high, counts.total, OPPOSED_PERCENT)


def _word(counts: BandCounts, *, variant: str) -> tuple[VerdictWord, str]:
    total = counts.total
    if at_least(counts.high, total, MAJORITY_PERCENT) and below(counts.low, total, OPPOSED_PERCENT):
        return VerdictWord.CONSENSUS_FOR, "consensus for asks for 70 % or more and fewer than 15 %"
    if _holds_against(counts, variant=variant):
        return VerdictWord.CONSENSUS_AGAINST, (
            "consensus against asks for fewer than 15 % and for 70 % or more" if variant == "orig" else
            "consensus against asks for 50 % or fewer who rate it high")
    return VerdictWord.NO_CONSENSUS, "neither side meets its condition"


RULE = Rule(
    name="seventy_fifteen",
    label="70/15",
    source="Trials 16 (2015) s13063-015-1011-8; Trials 19 (2018) s13063-018-2805-2",
    fields=FIELDS,
    applies_to=frozenset({"rating"}),
    wording=describe,
    decide=decide,
    check=check_bands,
    word=word,
    first_version=first_version,
    in_groups=in_groups,
    asks_groups=lambda params: bool(params["each_group"]) or params["variant"] == "out50_each_group",
    tabled=tabled,
)
