"""McNemar's test: whether more people changed their yes or no one way than the other between two rounds."""

from dataclasses import dataclass
from math import erfc, sqrt

from sigforum.consensus.binomial import sign_test
from sigforum.consensus.chi_square import p_text

# Under this many who changed the exact test is used (Fagerland, Lydersen and Laake 2013 call larger ones large).
EXACT_UNDER = 25


@dataclass(frozen=True)
class McNemar:
    """`lost` people went from yes to no, `gained` from no to yes; the two chi-squares are None where nobody changed.

    `p` is by `method`, "exact binomial" or "chi-square with continuity correction".
    """

    lost: int
    gained: int
    p: float
    method: str
    p_exact: float
    chi_square: float | None
    chi_square_corrected: float | None

    @property
    def changed(self) -> int:
        """How many changed at all."""
        return self.lost + self.gained


def mcnemar(*, lost: int, gained: int) -> McNemar:
    """The test of those who changed: exact under 25 of them, chi-square with continuity correction from 25 on.

    Raises ValueError for a negative count. Sources: McNemar, "Note on the sampling error of the difference between
    correlated proportions or percentages", Psychometrika 12 (1947) 153-157; Edwards, Psychometrika 13 (1948) 185-187
    for the correction.
    """
    exact, changed = sign_test(lost, gained), lost + gained
    if not changed:
        return McNemar(lost, gained, exact, "exact binomial", exact, None, None)
    plain = (lost - gained) ** 2 / changed
    corrected = max(abs(lost - gained) - 1, 0) ** 2 / changed
    is_small = changed < EXACT_UNDER
    return McNemar(
        lost=lost, gained=gained, p=exact if is_small else one_degree_tail(corrected),
        method="exact binomial" if is_small else "chi-square with continuity correction",
        p_exact=exact, chi_square=plain, chi_square_corrected=corrected)


def one_degree_tail(chi_square: float) -> float:
    """P(chi-square with one degree of freedom >= this), by the error function."""
    return erfc(sqrt(chi_square / 2))


def describe_mcnemar(found: McNemar) -> str:
    """A plain readout: "12 went from yes to no and 4 from no to yes (McNemar p 0.077, exact binomial)"."""
    if not found.changed:
        return "nobody changed between yes and no"
    return (f"{found.lost} went from yes to no and {found.gained} from no to yes "
            f"(McNemar p {p_text(found.p)}, {found.method})")
