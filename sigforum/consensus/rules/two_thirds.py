"""Two thirds with a quorum: a motion carries by a declared majority once enough entitled people took part."""

from fractions import Fraction

from sigforum.consensus.bands import TabledShare
from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.proportions import Proportion, describe_proportion, describe_share
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
    whole,
)
from sigforum.consensus.verdicts import Finding, VerdictWord, only_people
from sigforum.kernel.words import number_of

# Half is not enough, because both sides could then reach it at once; every other majority is reached exactly.
MAJORITIES = {
    "1/2": "more than half",
    "2/3": "at least two thirds",
    "3/4": "at least three quarters",
    "4/5": "at least four fifths",
    "1/1": "all",
}
MAJORITY_OF = {
    "votes": "those who vote yes or no (abstentions left out)",
    "answered": "those who answered (abstentions included)",
    "entitled": "everyone entitled to vote",
}
# As "all of everyone entitled" and "everyone entitled to vote vote yes" are no English, newer wordings say it so.
OF_WHOM = MAJORITY_OF | {"entitled": "those entitled to vote"}
# It counted those who answered, and nobody who was there without voting; presence is what a roll records.
RETIRED_MAJORITY_OF = {"present": "everyone who took part (abstentions included)"}

FIELDS = (
    RuleField(
        "majority",
        "Majority that decides",
        FieldKind.CHOICE,
        "2/3",
        choices=tuple(Choice(value, label) for value, label in MAJORITIES.items()),
    ),
    RuleField(
        "majority_of",
        "The majority is of",
        FieldKind.CHOICE,
        "votes",
        choices=tuple(Choice(value, label) for value, label in MAJORITY_OF.items()),
        retired=tuple(Choice(value, label) for value, label in RETIRED_MAJORITY_OF.items()),
    ),
    RuleField(
        "quorum", "Quorum, in percent of those entitled", FieldKind.PERCENT, 50, minimum=0, maximum=100
    ),
)


def describe(params: Params) -> str:
    """The rule in words for the ballot."""
    return (
        f"Consensus for when {_asked(params)} vote yes, consensus against when as many vote no. "
        f"Nothing is said unless {whole(params, 'quorum')} % of those entitled took part; "
        "an abstention counts for this quorum."
    )


def first_version(params: Params) -> str:
    """What a motion's rule of the first version does otherwise."""
    present = ("“present” counts those who answered, and nobody who was there without voting; "
               if chosen(params, "majority_of") == "present" else "")
    return f"{present}shares have a 95 % interval, though those who vote are no sample."


def word(panel: CountedPanel, params: Params) -> VerdictWord:
    """For when yes reaches the majority, against when no does, too few to say without a quorum."""
    if not panel.rated or 100 * panel.answered < whole(params, "quorum") * panel.entitled:
        return VerdictWord.TOO_FEW
    (yes, no), total = _sides(panel), _total(panel, params)
    if _reaches(yes, total, chosen(params, "majority")):
        return VerdictWord.CONSENSUS_FOR
    return (VerdictWord.CONSENSUS_AGAINST if _reaches(no, total, chosen(params, "majority"))
            else VerdictWord.NO_CONSENSUS)


def decide(panel: RatingPanel, params: Params) -> Finding:
    """The word with its numbers.

    Yes is the upper end of the scale and no the lower one; a motion's scale has no other points. Source of
    the quorum and of leaving abstentions out: Robert, "Robert's Rules of Order Newly Revised", 12th edition
    (2020), sections 40 and 44. All comparisons are of whole numbers.
    """
    (yes, no), total = _sides(panel.counted), _total(panel.counted, params)
    for_share, against_share = Proportion(yes, total), Proportion(no, total)
    quorum = whole(params, "quorum")
    is_quorate = 100 * panel.answered >= quorum * panel.entitled
    # Those who may vote are no sample of anybody, so that their shares have no interval.
    is_first = version_of(params) == FIRST_VERSION
    figures: dict[str, object] = {
        "total": total,
        "yes": yes,
        "no": no,
        "percent_yes": for_share.percent,
        **({"interval_yes": for_share.interval()} if is_first else {}),
        "is_quorate": is_quorate,
    }
    people = "person" if says_once(params) and panel.entitled == 1 else "people"
    took_part = f"{panel.answered} of {panel.entitled} entitled {people} took part; the quorum is {quorum} %"
    if not is_quorate or not panel.rated:
        few = only_people(panel.rated, version_of(params))
        if says_once(params) and panel.rated and not is_quorate:
            # How many said yes or no is not what it fails on.
            voted = number_of(panel.rated, "person", "people")
            return Finding(VerdictWord.TOO_FEW, f"{voted} voted yes or no, but without a quorum: {took_part}.", figures)
        return Finding(VerdictWord.TOO_FEW, f"{few} voted yes or no; {took_part}.", figures)
    because = (
        f"{_said(for_share, is_first)} voted yes and {_said(against_share, is_first)} no; "
        f"the rule asks for {_asked(params)}. {took_part}."
    )
    return Finding(word(panel.counted, params), because, figures)


def tabled(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """Yes and no where they are not shares of those who voted either way."""
    of = {"answered": ", of all who answered", "entitled": ", of all entitled"}.get(chosen(params, "majority_of"))
    if of is None:
        return ()
    (yes, no), total = _sides(panel), _total(panel, params)
    return (TabledShare("rated_for", f"For{of}", yes, total), TabledShare("rated_against", f"Against{of}", no, total))


def _said(share: Proportion, has_interval: bool) -> str:
    return describe_proportion(share) if has_interval else describe_share(share.count, share.total)


def _sides(panel: CountedPanel) -> tuple[int, int]:
    """Those who voted yes, and those who voted no."""
    ratings = panel.ratings
    return len(ratings) - ratings.up_to(panel.scale.upper_third_from - 1), ratings.up_to(panel.scale.lower_third_to)


def _total(panel: CountedPanel, params: Params) -> int:
    return {"votes": panel.rated, "present": panel.answered, "answered": panel.answered,
            "entitled": panel.entitled}[chosen(params, "majority_of")]


def _asked(params: Params) -> str:
    words = OF_WHOM if says_once(params) else MAJORITY_OF
    whole_of = (words | RETIRED_MAJORITY_OF)[chosen(params, "majority_of")]
    return f"{MAJORITIES[chosen(params, 'majority')]} of {whole_of}"


def _reaches(count: int, total: int, majority: str) -> bool:
    share = Fraction(majority)
    reached, needed = share.denominator * count, share.numerator * total
    return reached > needed if majority == "1/2" else reached >= needed


RULE = Rule(
    name="two_thirds",
    label="Two-thirds majority with quorum",
    source="Robert's Rules of Order Newly Revised, 12th edition (2020)",
    fields=FIELDS,
    applies_to=frozenset({"motion"}),
    wording=describe,
    decide=decide,
    word=word,
    first_version=first_version,
    tabled=tabled,
)
