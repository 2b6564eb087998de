"""Content validity: how many experts call an item relevant, beyond what chance would give, and Lawshe's ratio."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from sigforum.consensus.percentiles import number_text
from sigforum.consensus.scale import Scale

# The scales that the measures are defined on: relevance from 1 to 4, and not necessary, useful, essential.
RELEVANCE, NECESSITY = Scale(1, 4), Scale(1, 3)
RELEVANT_FROM, ESSENTIAL_FROM = 3, 3


@dataclass(frozen=True)
class ItemValidity:
    """One item: `relevant` of `experts` call it so; the fractions are None of nobody."""

    relevant: int
    experts: int

    @property
    def i_cvi(self) -> Fraction | None:
        """The item's content validity index: the share of experts who call it relevant (Lynn 1986)."""
        return Fraction(self.relevant, self.experts) if self.experts else None

    @property
    def kappa_star(self) -> Fraction | None:
        """(I-CVI - chance) / (1 - chance), chance that of just so many agreeing; None where it is one expert's."""
        chance = Fraction(comb(self.experts, self.relevant), 2**self.experts)
        index = self.i_cvi
        return None if index is None or chance == 1 else (index - chance) / (1 - chance)


@dataclass(frozen=True)
class ScaleValidity:
    """All items together: the mean of their indices, and the share of items that every expert calls relevant."""

    average: Fraction
    universal: Fraction


def item_validity(ratings: Sequence[int]) -> ItemValidity:
    """The counts of ratings of relevance from 1 to 4, of which 3 and 4 mean relevant.

    Raises ValueError for a rating off the scale. Sources: Lynn, "Determination and quantification of content validity",
    Nursing Research 35 (1986) 382-385; kappa*: Polit, Beck and Owen, "Is the CVI an acceptable indicator of content
    validity?", Research in Nursing & Health 30 (2007) 459-467.
    """
    return ItemValidity(_count(ratings, RELEVANCE, RELEVANT_FROM), len(ratings))


def scale_validity(items: Sequence[ItemValidity]) -> ScaleValidity | None:
    """S-CVI/Ave and S-CVI/UA of the items that somebody rated, None without any (Polit, Beck and Owen 2007)."""
    rated = [item for item in items if item.experts]
    if not rated:
        return None
    return ScaleValidity(
        average=sum((Fraction(item.relevant, item.experts) for item in rated), Fraction(0)) / len(rated),
        universal=Fraction(sum(item.relevant == item.experts for item in rated), len(rated)))


def content_validity_ratio(ratings: Sequence[int]) -> Fraction | None:
    """Lawshe's CVR = (essential - n/2) / (n/2), from -1 to 1, of ratings from 1 to 3, 3 essential; None of nobody.

    Raises ValueError for a rating off the scale. Source: Lawshe, "A quantitative approach to content validity",
    Personnel Psychology 28 (1975) 563-575.
    """
    essential = _count(ratings, NECESSITY, ESSENTIAL_FROM)
    return Fraction(2 * essential - len(ratings), len(ratings)) if len(ratings) else None


def describe_item_validity(found: ItemValidity) -> str:
    """A plain readout: "I-CVI 0.83 (5 of 6 call it relevant), kappa* 0.81"."""
    if found.i_cvi is None:
        return "no content validity: nobody rated"
    kappa = found.kappa_star
    beyond = "" if kappa is None else f", kappa* {number_text(kappa)}"
    return f"I-CVI {number_text(found.i_cvi)} ({found.relevant} of {found.experts} call it relevant){beyond}"


def describe_scale_validity(average: float | Fraction, universal: float | Fraction) -> str:
    """A plain readout of all items together."""
    return (f"S-CVI/Ave {number_text(average)}, S-CVI/UA {number_text(universal)}: the mean of the items' I-CVI, and "
            "the share of items that everybody who rated them calls relevant.")


def _count(ratings: Sequence[int], scale: Scale, lowest: int) -> int:
    strays = [rating for rating in ratings if not scale.contains(rating)]
    if strays:
        raise ValueError(f"rating {strays[0]} is not on the scale from {scale}")
    return sum(rating >= lowest for rating in ratings)
