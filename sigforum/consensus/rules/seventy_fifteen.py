"""70/15: in when 70 % or more rate it high and fewer than 15 % low, as core outcome sets are agreed."""

from sigforum.consensus.bands import (
    AGAINST_TO,
    FOR_FROM,
    BandCounts,
    check_bands,
    count_bands,
    describe_bands,
)
from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.proportions import Proportion, at_least, below, describe_proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule
from sigforum.consensus.rule_fields import (
    Choice,
    FieldKind,
    Params,
    RuleField,
    chosen,
    minimum_voters_field,
    whole,
)
from sigforum.consensus.verdicts import Finding, VerdictWord, too_few

MAJORITY_PERCENT = 70
OPPOSED_PERCENT = 15
HALF_PERCENT = 50

OUT_RULES = {
    "orig": "70 % or more rate it low and fewer than 15 % rate it high",
    "variant_out50": "50 % or fewer rate it high",
}

FIELDS = (
    RuleField(
        "variant",
        "Consensus against when",
        FieldKind.CHOICE,
        "orig",
        choices=tuple(Choice(value, label) for value, label in OUT_RULES.items()),
    ),
    FOR_FROM,
    AGAINST_TO,
    minimum_voters_field(),
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    high, low = describe_bands(params)
    return (
        "Consensus for when 70 % or more rate it high and fewer than 15 % rate it low; "
        f"consensus against when {OUT_RULES[chosen(params, 'variant')]}. "
        f"A rating {high} is high and a rating {low} is low. "
        f"Nothing is said under {whole(params, 'minimum_voters')} ratings."
    )


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """For: high >= 70 % and low < 15 %. Against: mirrored (orig), or high <= 50 % (variant_out50). Else none."""
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
        finding = too_few(panel.rated, whole(params, "minimum_voters"))
        return Finding(finding.word, finding.because, figures)
    found, asked = _word(counts, variant=chosen(params, "variant"))
    because = (
        f"{describe_proportion(high)} rated it {params['for_from']} or more and "
        f"{describe_proportion(low)} rated it {params['against_to']} or less; {asked}."
    )
    return Finding(found, because, figures)


def _word(counts: BandCounts, *, variant: str) -> tuple[VerdictWord, str]:
    total = counts.total
    if at_least(counts.high, total, MAJORITY_PERCENT) and below(counts.low, total, OPPOSED_PERCENT):
        return VerdictWord.CONSENSUS_FOR, "consensus for asks for 70 % or more and fewer than 15 %"
    if variant == "variant_out50":
        if 100 * counts.high <= HALF_PERCENT * total:
            return VerdictWord.CONSENSUS_AGAINST, "consensus against asks for 50 % or fewer who rate it high"
    elif at_least(counts.low, total, MAJORITY_PERCENT) and below(counts.high, total, OPPOSED_PERCENT):
        return (
            VerdictWord.CONSENSUS_AGAINST,
            "consensus against asks for fewer than 15 % and for 70 % or more",
        )
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
)
