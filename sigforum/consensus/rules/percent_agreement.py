"""Percent agreement: consensus when a declared share of people rate high, or rate low, on the scale."""

from sigforum.consensus.bands import (
    AGAINST_TO,
    FOR_FROM,
    TabledShare,
    check_bands,
    count_bands,
    describe_bands,
    tabled_bands,
)
from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.each_group import EACH_GROUP, EACH_GROUP_WORDS, asked_of_groups, marks
from sigforum.consensus.proportions import AS_IF, Proportion, at_least, describe_proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule import Rule
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

WHO_COUNTS = {
    "rated": "everyone who gave a rating",
    "answered": "everyone who answered, abstentions and “outside my expertise” included",
    "entitled": "everyone entitled to vote",
}

OF_WHOM = {"rated": "", "answered": ", of all who answered", "entitled": ", of all entitled"}

FIELDS = (
    # Half and less is not on offer: both sides could then reach the threshold at once.
    RuleField(
        "threshold", "Share that makes consensus, in percent", FieldKind.PERCENT, 75, minimum=51, maximum=100
    ),
    FOR_FROM,
    AGAINST_TO,
    RuleField(
        "who_counts",
        "The share is of",
        FieldKind.CHOICE,
        "rated",
        choices=tuple(Choice(value, label) for value, label in WHO_COUNTS.items()),
    ),
    minimum_voters_field(),
    EACH_GROUP,
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    high, low = describe_bands(params)
    return (
        f"Consensus when at least {whole(params, 'threshold')} % of "
        f"{WHO_COUNTS[chosen(params, 'who_counts')]} agree: a rating {high} counts as for and a rating {low} "
        f"as against. Nothing is said under {ratings_text(whole(params, 'minimum_voters'), version_of(params))}."
        + (EACH_GROUP_WORDS if params["each_group"] else "")
    )


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """Consensus for when 100·high >= threshold·N, against when 100·low >= threshold·N, else none."""
    if panel.rated < whole(params, "minimum_voters"):
        return VerdictWord.TOO_FEW
    counts, threshold = count_bands(panel.ratings, params), whole(params, "threshold")
    total = _total(panel, params)
    if at_least(counts.high, total, threshold):
        return VerdictWord.CONSENSUS_FOR
    return VerdictWord.CONSENSUS_AGAINST if at_least(counts.low, total, threshold) else VerdictWord.NO_CONSENSUS


def decide(panel: RatingPanel, params: Params) -> Finding:
    """The word with its numbers.

    Source: Diamond et al., "Defining consensus: a systematic review recommends methodologic criteria for
    reporting of Delphi studies", J Clin Epidemiol 67 (2014) 401-409: percent agreement, with a median
    threshold of 75 %.
    """
    counts = count_bands(panel.counted.ratings, params)
    total = _total(panel.counted, params)
    high, low = Proportion(counts.high, total), Proportion(counts.low, total)
    threshold = whole(params, "threshold")
    figures: dict[str, object] = {
        "total": total,
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
    at_least_text = "at least " if says_once(params) and threshold < 100 else ""
    asked = f"the rule asks for {at_least_text}{threshold} % of {WHO_COUNTS[chosen(params, 'who_counts')]}"
    for_text = f"{describe_proportion(high)} rated it {params['for_from']} or more"
    against_text = f"{describe_proportion(low)} rated it {params['against_to']} or less"
    found = word(panel.counted, params)
    because = {VerdictWord.CONSENSUS_FOR: f"{for_text}; {asked}.",
               VerdictWord.CONSENSUS_AGAINST: f"{against_text}; {asked}."}
    words = because.get(found, f"{for_text} and {against_text}; {asked} on one side.")
    return Finding(found, words if version_of(params) == FIRST_VERSION else f"{words} {AS_IF}", figures)


def in_groups(panel: RatingPanel, params: Params, finding: Finding) -> Finding:
    """The share asked of those of each group who rated, whoever counts in the panel as a whole."""
    threshold = whole(params, "threshold")
    return asked_of_groups(finding, marks(
        panel, holds_for=lambda own: at_least(count_bands(own.ratings, params).high, own.rated, threshold),
        holds_against=lambda own: at_least(count_bands(own.ratings, params).low, own.rated, threshold)),
        is_before_note=says_once(params))


def tabled(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """The shares of the sentence, where they are not those of thirds among those who rated."""
    return tabled_bands(panel, params, total=_total(panel, params), of=OF_WHOM[chosen(params, "who_counts")])


def _total(panel: CountedPanel, params: Params) -> int:
    return {"rated": panel.rated, "answered": panel.answered, "entitled": panel.entitled}[chosen(params, "who_counts")]


RULE = Rule(
    name="percent_agreement",
    label="Percent agreement",
    source="Diamond et al., J Clin Epidemiol 67 (2014) 401-409",
    fields=FIELDS,
    applies_to=frozenset({"rating"}),
    wording=describe,
    decide=decide,
    check=check_bands,
    word=word,
    in_groups=in_groups,
    asks_groups=lambda params: bool(params["each_group"]),
    tabled=tabled,
)
