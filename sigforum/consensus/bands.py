"""Which ratings count as for and which as against: by default the upper and the lower third of the scale."""

from dataclasses import dataclass

from sigforum.consensus.counted_panel import CountedPanel, CountedRatings
from sigforum.consensus.rule_fields import FieldKind, Params, RuleField, whole
from sigforum.consensus.scale import Scale

FOR_FROM = RuleField(
    "for_from",
    "Counts as for, from this rating up (empty: the upper third of the scale)",
    FieldKind.INTEGER,
    None,
    default_on=lambda scale: scale.upper_third_from,
)
AGAINST_TO = RuleField(
    "against_to",
    "Counts as against, up to this rating (empty: the lower third of the scale)",
    FieldKind.INTEGER,
    None,
    default_on=lambda scale: scale.lower_third_to,
)


@dataclass(frozen=True)
class BandCounts:
    """How many people rated for, against, and in between."""

    high: int
    middle: int
    low: int

    @property
    def total(self) -> int:
        """All who rated."""
        return self.high + self.middle + self.low


def count_bands(ratings: CountedRatings, params: Params) -> BandCounts:
    """The ratings sorted into the bands of completed parameters.

    Source of the thirds: Fitch et al., "The RAND/UCLA Appropriateness Method User's Manual" (2001), regions
    1-3, 4-6, 7-9.
    """
    for_from, against_to = whole(params, "for_from"), whole(params, "against_to")
    low, high = ratings.up_to(against_to), len(ratings) - ratings.up_to(for_from - 1)
    return BandCounts(high=high, middle=len(ratings) - high - low, low=low)


@dataclass(frozen=True)
class TabledShare:
    """A share that a rule's sentence gives, for the table beside it; `label` heads its column."""

    key: str
    label: str
    count: int
    total: int


def tabled_bands(panel: CountedPanel, params: Params, *, total: int, of: str = "") -> tuple[TabledShare, ...]:
    """The two bands of a rule where they are not the thirds of the scale, of those who rated, which every table has;
    `of` says of whom the shares are where it is not of them."""
    scale, counts = panel.scale, count_bands(panel.ratings, params)
    thirds = (scale.upper_third_from, scale.lower_third_to)
    if not of and (params["for_from"], params["against_to"]) == thirds:
        return ()
    return (TabledShare("rated_for", f"Rated {params['for_from']} or more{of}", counts.high, total),
            TabledShare("rated_against", f"Rated {params['against_to']} or less{of}", counts.low, total))


def check_bands(params: Params, scale: Scale | None) -> dict[str, str]:
    """Messages by field where the bands overlap or leave the scale."""
    errors: dict[str, str] = {}
    for_from, against_to = params["for_from"], params["against_to"]
    for name, bound in (("for_from", for_from), ("against_to", against_to)):
        if scale is not None and isinstance(bound, int) and not scale.contains(bound):
            errors[name] = f"Must be on the scale, {scale}."
    if not errors and isinstance(for_from, int) and isinstance(against_to, int) and against_to >= for_from:
        errors["against_to"] = "Must be lower than the rating from which a vote counts as for."
    return errors


def describe_bands(params: Params) -> tuple[str, str]:
    """The high and the low band as ends of a sentence: "of 7 or more", "of 3 or less", or in thirds."""
    for_from, against_to = params["for_from"], params["against_to"]
    high = "in the upper third of the scale" if for_from is None else f"of {for_from} or more"
    low = "in the lower third of the scale" if against_to is None else f"of {against_to} or less"
    return high, low
