"""McNemar's test: whether more people changed their yes or no one way than the other between two rounds."""

from dataclasses import dataclass
from fractions import Fraction
from math import comb, erfc, sqrt

from sigforum.consensus.binomial import sign_test
from sigforum.consensus.chi_square import p_text

MID_P = "mid-p"


@dataclass(frozen=True)
class McNemar:
    """`lost` people went from yes to no, `gained` from no to yes; the two chi-squares are None where nobody changed.

    `p` is by `method`, the mid-p; the exact conditional p stands beside it.
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
    """The test of those who changed, by the mid-p: the exact p less the chance of just the split that was found.

    The exact p claims too little in small panels, and the chi-square too much; the mid-p is near its level in all.
    Raises ValueError for a negative count. Sources: McNemar, "Note on the sampling error of the difference between
    correlated proportions or percentages", Psychometrika 12 (1947) 153-157; mid-p: Fagerland, Lydersen and Laake,
    "The McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13 (2013) 91; Edwards,
    Psychometrika 13 (1948) 185-187 for the correction of the chi-square that stands beside it.
    """
    exact, changed = sign_test(lost, gained), lost + gained
    if not changed:
        return McNemar(lost, gained, exact, MID_P, exact, None, None)
    # A split in halves is in no tail twice, so half of its chance goes; of any other the half of two equal ones.
    found = Fraction(comb(changed, lost), 2**changed)
    mid = 1 - found / 2 if lost == gained else Fraction(exact) - found
    plain = (lost - gained) ** 2 / changed
    corrected = max(abs(lost - gained) - 1, 0) ** 2 / changed
    return McNemar(
        lost=lost, gained=gained, p=float(mid), method=MID_P, p_exact=exact, chi_square=plain,
        chi_square_corrected=corrected)


def one_degree_tail(chi_square: float) -> float:
    """P(chi-square with one degree of freedom >= this), by the error function."""
    return erfc(sqrt(chi_square / 2))


def describe_mcnemar(found: McNemar) -> str:
    """A plain readout: "12 went from yes to no and 4 from no to yes (McNemar p 0.049, mid-p)"."""
    if not found.changed:
        return "nobody changed between yes and no"
    return (f"{found.lost} went from yes to no and {found.gained} from no to yes "
            f"(McNemar p {p_text(found.p)}, {found.method})")
