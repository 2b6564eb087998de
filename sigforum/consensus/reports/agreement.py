"""How far a panel agrees over all its items: AC1, AC2, alpha and Kendall's W."""

from dataclasses import asdict

from sigforum.consensus.concordance import concordance, describe_concordance, permutations_for
from sigforum.consensus.files.ratings import RatingSheet
from sigforum.consensus.friedman import describe_friedman, friedman_test
from sigforum.consensus.gwet import Weights, describe_agreement, gwet_of_table
from sigforum.consensus.krippendorff import Level, alpha_of_table
from sigforum.consensus.panel_table import panel_table
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.kernel.words import number_of


def agreement_report(sheet: RatingSheet) -> Readout:
    """The report on all items together; W is of those people who rated every item."""
    rows = sheet.rows
    table = panel_table(rows, categories=range(sheet.scale.minimum, sheet.scale.maximum + 1))
    found = [gwet_of_table(table, weights=weights) for weights in Weights]
    found += [alpha_of_table(table, level=level) for level in Level]
    full = [[-rating for rating in row if rating is not None] for row in rows if None not in row]
    agreement = concordance(full, permutations=permutations_for(len(full), len(sheet.items)))
    friedman = friedman_test(full)
    figures = {"people": len(sheet.people), "items": len(sheet.items), "complete": len(full),
               "coefficients": [asdict(one) for one in found],
               "kendall_w": {"w": agreement.w, "p": agreement.p, "people": agreement.raters,
                              "p_chi_square": friedman.p if friedman else None}}
    return Readout(figures, (
        f"{number_of(len(sheet.people), 'person', 'people')}, {number_of(len(sheet.items), 'item')}, "
        f"scale {sheet.scale}.",
        *(sentence(describe_agreement(one)) for one in found),
        f"{sentence(describe_concordance(agreement))} {sentence(describe_friedman(friedman))} Only the {len(full)} who "
        "rated every item count for these two."))
