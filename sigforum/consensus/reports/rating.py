"""Every measure of ratings, item by item, with the verdict of one rule, and what moved since an earlier round."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sigforum.consensus.content_validity import (
    NECESSITY,
    RELEVANCE,
    content_validity_ratio,
    describe_item_validity,
    item_validity,
    scale_validity,
)
from sigforum.consensus.distribution import describe_distribution, histogram
from sigforum.consensus.files.ratings import RatingSheet, both_rounds, check_named
from sigforum.consensus.interpercentile import interpercentile_range
from sigforum.consensus.leik import leik_dispersion
from sigforum.consensus.mcnemar import describe_mcnemar, mcnemar
from sigforum.consensus.percentiles import (
    QuantileConvention,
    describe_spread,
    interquartile_range,
    median,
    number_text,
    quantile,
)
from sigforum.consensus.proportions import describe_share
from sigforum.consensus.rating_panel import RatingPanel, describe_participation
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.consensus.rule import Rule
from sigforum.consensus.rules.rand_ucla import RAND_SCALE
from sigforum.consensus.stability import Stability, describe_stability, rating_stability
from sigforum.consensus.strength import NEAR_PERCENT, is_near_median, strength_band, within_one
from sigforum.consensus.tastle_wierman import describe_tastle_wierman, tastle_wierman_consensus
from sigforum.consensus.van_der_eijk import agreement_a, describe_agreement_a
from sigforum.consensus.variation import coefficient_of_variation, mean, quartile_variation, standard_deviation
from sigforum.consensus.verdicts import describe_fragility
from sigforum.kernel.words import number_of

# One person agrees with nobody; two can.
FEWEST_TO_AGREE = 2


def rating_report(sheet: RatingSheet, *, rule: Rule, params: Mapping[str, object] | None = None,
                  convention: QuantileConvention | str = QuantileConvention.LINEAR,
                  earlier: RatingSheet | None = None) -> Readout:
    """The report on all items; raises RuleParamsInvalid for parameters or a scale that the rule cannot work with."""
    chosen = QuantileConvention(convention)
    if any(field.name == "convention" for field in rule.fields):
        # A verdict by other quartiles than those printed beside it would contradict them.
        params = {"convention": chosen.value, **(params or {})}
    shared: set[str] = set()
    if earlier is not None:
        shared = set(both_rounds(earlier, sheet))
        check_named(earlier, sheet)
    items, lines = [], [f"{number_of(len(sheet.people), 'person', 'people')}, {number_of(len(sheet.items), 'item')}, "
                        f"scale {sheet.scale}. "
                        f"{rule.describe(params, scale=sheet.scale)}"]
    for item in sheet.items:
        found, told = _item(sheet, item, rule, params or {}, chosen)
        if earlier is not None and item in shared:
            stability = rating_stability(numbered(earlier, item, sheet), numbered(sheet, item, sheet),
                                         convention=chosen)
            found["stability"] = _stability_figures(stability)
            found["mcnemar"], words = _crossed(earlier, sheet, item)
            told += [describe_stability(stability), words]
        items.append(found)
        lines += ["", f"{item}", *(f"  {line}" for line in told if line)]
    tests = sum(bool(item.get("mcnemar")) for item in items)
    if tests > 1:
        lines += ["", several_tests(tests)]
    whole, words_of_whole = _whole_validity(sheet)
    lines += words_of_whole
    figures = {"people": len(sheet.people), "scale": [sheet.scale.minimum, sheet.scale.maximum], "rule": rule.name,
               "convention": chosen.value, "items": items, **whole}
    return Readout(figures, tuple(lines))


def _item(sheet: RatingSheet, item: str, rule: Rule, params: Mapping[str, object], convention: QuantileConvention
          ) -> tuple[dict[str, Any], list[str]]:
    panel = sheet.panel(item)
    verdict = rule.judge(panel, params)
    found: dict[str, Any] = {
        "item": item, **panel.headcounts,
        "verdict": {"word": verdict.word.value, "because": verdict.because, "is_fragile": verdict.is_fragile,
                    "params": dict(verdict.params), "figures": verdict.figures}}
    lines = [f"{verdict.label}: {verdict.because} {describe_fragility(verdict)}".rstrip(),
             sentence(describe_participation(panel))]
    if not panel.rated:
        return found, lines
    bars = histogram(panel.ratings, scale=sheet.scale)
    counts, ratings = [bar.count for bar in bars], panel.counted.ratings
    agreement: float | None
    consensus: float | None
    agreement, consensus = agreement_a(counts), tastle_wierman_consensus(counts)
    if panel.rated < FEWEST_TO_AGREE:
        agreement = consensus = None
    found |= {
        "distribution": {str(bar.rating): bar.count for bar in bars}, "median": median(ratings),
        "quartiles": [quantile(ratings, share, convention=convention) for share in (0.25, 0.75)],
        "iqr": interquartile_range(ratings, convention=convention),
        "cqv": quartile_variation(ratings, convention=convention),
        "cv": coefficient_of_variation(panel.ratings), "agreement_a": agreement, "tastle_wierman": consensus,
        "leik": leik_dispersion(counts), **_more(panel)}
    lines += [sentence(describe_distribution(bars)), *_more_lines(panel, found),
              sentence(describe_spread(ratings, convention=convention)),
              *([f"Agreement of one rating with itself says nothing; it takes {FEWEST_TO_AGREE}."]
                if agreement is None or consensus is None else
                [sentence(f"{describe_agreement_a(agreement)}; {describe_tastle_wierman(consensus)}")])]
    return found, lines


def _more(panel: RatingPanel) -> dict[str, Any]:
    """Mean, standard deviation, strength, those near the median, and what a scale has measures of its own for."""
    ratings, scale = panel.counted.ratings, panel.scale
    low, high = ratings.up_to(scale.lower_third_to), len(ratings) - ratings.up_to(scale.upper_third_from - 1)
    found: dict[str, Any] = {
        "mean": mean(ratings), "sd": standard_deviation(ratings), "within_one": within_one(ratings),
        "is_near_median": is_near_median(ratings), "strength": strength_band(max(low, high), len(ratings))}
    if scale == RAND_SCALE:
        found["disagreement_index"] = float(interpercentile_range(ratings).disagreement_index)
    if scale == RELEVANCE:
        validity = item_validity(ratings)
        found |= {"i_cvi": float(validity.i_cvi or 0),
                  "kappa_star": None if validity.kappa_star is None else float(validity.kappa_star)}
    if scale == NECESSITY:
        found["cvr"] = float(content_validity_ratio(ratings) or 0)
    return found


def _more_lines(panel: RatingPanel, found: Mapping[str, Any]) -> list[str]:
    deviation = "" if found["sd"] is None else f" (standard deviation {number_text(found['sd'])})"
    mark = f"{NEAR_PERCENT} % or more" if found["is_near_median"] else f"less than {NEAR_PERCENT} %"
    lines = [f"Mean {number_text(found['mean'])}{deviation}. {describe_share(found['within_one'], panel.rated)} lie "
             f"within 1 of the median, which is {mark}; agreement on one side is in the band of {found['strength']}."]
    if "disagreement_index" in found:
        lines.append(f"Disagreement index {number_text(found['disagreement_index'])} (IPR/IPRAS; above 1 is "
                     "disagreement).")
    if panel.scale == RELEVANCE:
        lines.append(sentence(describe_item_validity(item_validity(panel.ratings))))
    if "cvr" in found:
        lines.append(f"Lawshe's CVR {number_text(found['cvr'])} (1 all call it essential, 0 half, -1 nobody).")
    return lines


def _whole_validity(sheet: RatingSheet) -> tuple[dict[str, Any], list[str]]:
    """The content validity of all items together, on a scale of relevance from 1 to 4."""
    found = scale_validity([item_validity(sheet.panel(item).ratings) for item in sheet.items]
                           ) if sheet.scale == RELEVANCE else None
    if found is None:
        return {}, []
    return ({"s_cvi_ave": float(found.average), "s_cvi_ua": float(found.universal)},
            ["", f"S-CVI/Ave {number_text(found.average)}, S-CVI/UA {number_text(found.universal)}: the mean of the "
             "items' indices, and the share of items that every expert calls relevant."])


def several_tests(count: int) -> str:
    """A word on many tests at once: by chance alone one in twenty comes out under 0.05."""
    return (f"p values stand here for each of {count} items and are not corrected for their number: where nothing "
            f"moved at all, about {number_text(count / 20)} of {count} would still be under 0.05. Read them as hints, "
            "not as findings.")


def numbered(sheet: RatingSheet, item: str, among: RatingSheet) -> dict[int, int]:
    """The ratings by a number for each person, the same in both rounds."""
    numbers = {person: number for number, person in enumerate(among.people)}
    return {numbers[person]: rating for person, rating in sheet.by_person(item).items() if person in numbers}


def _crossed(earlier: RatingSheet, later: RatingSheet, item: str) -> tuple[dict[str, Any], str]:
    """Who came into the upper third of the scale, and who left it."""
    before, after = earlier.by_person(item), later.by_person(item)
    high = later.scale.upper_third_from
    both = before.keys() & after.keys()
    found = mcnemar(lost=sum(before[person] >= high > after[person] for person in both),
                    gained=sum(before[person] < high <= after[person] for person in both))
    return asdict(found), sentence(f"ratings of {high} or more count as yes: {describe_mcnemar(found)}")


def _stability_figures(found: Stability | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"people": found.people, "moved": found.moved.count, "shift": found.shift.count,
            "shift_percent": found.shift.percent, "settled": found.settled,
            "histogram_settled": found.histogram_settled, "earlier": asdict(found.earlier),
            "later": asdict(found.later), "wilcoxon": {**asdict(found.test), "statistic": found.test.statistic},
            "spearman": found.spearman, "kappa": found.kappa, "kappa_quadratic": found.kappa_quadratic}
