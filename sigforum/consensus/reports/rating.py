"""Every measure of ratings, item by item, with the verdict of one rule, and what moved since an earlier round."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sigforum.consensus.distribution import describe_distribution, histogram
from sigforum.consensus.files.ratings import RatingSheet, both_rounds, check_named
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
from sigforum.consensus.rating_panel import describe_participation
from sigforum.consensus.reports.readout import Readout, sentence
from sigforum.consensus.rule import Rule
from sigforum.consensus.stability import Stability, describe_stability, rating_stability
from sigforum.consensus.tastle_wierman import describe_tastle_wierman, tastle_wierman_consensus
from sigforum.consensus.van_der_eijk import agreement_a, describe_agreement_a
from sigforum.consensus.variation import coefficient_of_variation, quartile_variation
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
    figures = {"people": len(sheet.people), "scale": [sheet.scale.minimum, sheet.scale.maximum], "rule": rule.name,
               "convention": chosen.value, "items": items}
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
        "leik": leik_dispersion(counts)}
    lines += [sentence(describe_distribution(bars)), sentence(describe_spread(ratings, convention=convention)),
              *([f"Agreement of one rating with itself says nothing; it takes {FEWEST_TO_AGREE}."]
                if agreement is None or consensus is None else
                [sentence(f"{describe_agreement_a(agreement)}; {describe_tastle_wierman(consensus)}")])]
    return found, lines


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
