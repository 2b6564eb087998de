"""Rating: each statement on a scale with labelled ends, 1 to 9 unless set otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import OUTSIDE_EXPERTISE, describe_beside, everywhere, share_columns, tabled_figures
from sigforum.ballots.domain import (
    ABSTAIN,
    ABSTAIN_PLACE,
    OUTSIDE_PLACE,
    Answer,
    Column,
    Headcount,
    Paper,
    PaperOption,
    Result,
    ResultLine,
    form_number,
    is_abstention,
)
from sigforum.ballots.registry import described_rule, judged, tabled_shares
from sigforum.consensus.content_validity import (
    NECESSITY,
    RELEVANCE,
    content_validity_ratio,
    item_validity,
    scale_validity,
)
from sigforum.consensus.counted_panel import CountedRatings
from sigforum.consensus.distribution import histogram
from sigforum.consensus.interpercentile import interpercentile_range
from sigforum.consensus.percentiles import interquartile_range, median
from sigforum.consensus.proportions import Proportion
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule_fields import FIRST_VERSION, SAID_ONCE, VERSION
from sigforum.consensus.rules.rand_ucla import RAND_SCALE
from sigforum.consensus.scale import Scale
from sigforum.consensus.strength import strength_band, within_one
from sigforum.consensus.tastle_wierman import describe_tastle_wierman, tastle_wierman_consensus
from sigforum.consensus.van_der_eijk import agreement_a, describe_agreement_a
from sigforum.consensus.variation import mean, quartile_variation, standard_deviation
from sigforum.consensus.verdicts import Verdict
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import one_line

OUTSIDE = "x"
LONGEST_LABEL = 60
COLUMNS = (
    Column(key="rated", label="Rated"),
    Column(key="median", label="Median"),
    Column(key="iqr", label="IQR"),
    Column(key="high", label="In the upper third"),
    Column(key="interval", label="95 % interval"),
    Column(key="outside", label="Outside expertise"),
    Column(key="agreement_a", label="Agreement A"),
    Column(key="tastle_wierman", label="Consensus (Tastle-Wierman)"),
    Column(key="cqv", label="Quartile variation"),
)

# Figures of rounds that opened under newer terms.
AS_IF_LABEL = "95 % interval, as if a random sample"
NEWER_COLUMNS = (
    Column(key="mean", label="Mean"),
    Column(key="sd", label="Standard deviation"),
    Column(key="within_one", label="Within 1 of the median"),
    Column(key="strength", label="Agreement on one side"),
)
# In rounds whose sentences may rest on it.
LOWER_THIRD = Column(key="low", label="In the lower third")
DISAGREEMENT = Column(key="disagreement_index", label="Disagreement index")
OWN_COLUMNS = {
    RELEVANCE: (Column(key="i_cvi", label="I-CVI"), Column(key="kappa_star", label="Kappa*")),
    NECESSITY: (Column(key="cvr", label="Lawshe's CVR"),),
}


class Rating:
    """Statements rated on a scale; "outside my expertise" and "abstain" are answers of their own."""

    name = "rating"
    label = "Rating"
    description = "Everyone rates each statement on a scale, and a rule declared beforehand gives the verdict."
    takes_rule = True
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The scale and the words at its ends. Raises Invalid by field."""
        errors = {}
        low, high = (form_number(str(raw.get(name) or default))
                     for name, default in (("scale_min", 1), ("scale_max", 9)))
        if not (isinstance(low, int) and isinstance(high, int) and low < high <= 11):
            errors["scale_max"] = "A scale has whole numbers, at most 11, and ends above where it starts."
        labels = {name: one_line(raw.get(name) or default) for name, default in
                  (("low_label", "Strongly disagree"), ("high_label", "Strongly agree"))}
        errors |= {name: f"At most {LONGEST_LABEL} characters." for name, text in labels.items()
                   if len(text) > LONGEST_LABEL}
        if errors:
            raise Invalid(errors)
        return {"scale_min": low, "scale_max": high, **labels}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """Nothing but the scale."""
        return ""

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `rating-<key>`, and `abstain` for the whole ballot."""
        if form.get("abstain"):
            return dict(ABSTAIN)
        ratings = {name.removeprefix("rating-"): form_number(value)
                   for name, value in form.items() if name.startswith("rating-") and value}
        return {"ratings": ratings}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """A rating or `x` (outside my expertise) for every statement, or an abstention. Raises Invalid by key."""
        if not isinstance(raw, Mapping):
            raise Invalid({"": "A ballot rates the statements or abstains."})
        if raw.get("abstain") is True:
            return dict(ABSTAIN)
        ratings = raw.get("ratings")
        if not isinstance(ratings, Mapping):
            raise Invalid({"": "Rate the statements, or abstain."})
        scale = _scale(paper)
        errors = {str(key): "This statement is not on the ballot." for key in ratings if key not in paper.keys}
        for key in paper.keys:
            value = ratings.get(key)
            if value is None:
                errors[key] = "Choose a rating, or 'outside my expertise'."
            elif value != OUTSIDE and (
                    not isinstance(value, int) or isinstance(value, bool) or not scale.contains(value)):
                errors[key] = f"A rating is a whole number from {scale}."
        if errors:
            raise Invalid(errors)
        return {"ratings": {key: ratings[key] for key in paper.keys}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """Median, spread and verdict of each statement."""
        abstained = sum(is_abstention(answer) for answer in answers)
        lines = tuple(_line(option, answers, paper, headcount, abstained, rule) for option in paper.options)
        described = ""
        if rule:
            described = described_rule(rule, scale=_scale(paper))
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers), abstained=abstained,
            columns=_columns(rule, _scale(paper), share_columns(tabled_shares(rule, _nobody(_scale(paper))))),
            lines=lines, rule=described,
            text=f"{len(answers)} of {headcount.entitled} entitled people answered.",
            extra=_whole_scale(lines, paper) if _is_newer(rule) else {})

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The rating of each statement; the ends of the scale with their words."""
        ends = {paper.settings["scale_min"]: paper.settings["low_label"],
                paper.settings["scale_max"]: paper.settings["high_label"]}
        said = {key: answer["ratings"][key] for key in paper.keys if key in answer.get("ratings", {})}
        return describe_beside(answer) or {
            key: OUTSIDE_EXPERTISE if value == OUTSIDE else f"{value} ({ends[value]})" if value in ends else str(value)
            for key, value in said.items()}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The rating, or outside."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        given = {key: answer["ratings"][key] for key in paper.keys if key in answer["ratings"]}
        return {key: OUTSIDE_PLACE if value == OUTSIDE else value for key, value in given.items()}


def _scale(paper: Paper) -> Scale:
    return Scale(paper.settings["scale_min"], paper.settings["scale_max"])


def _line(option: PaperOption, answers: Sequence[Answer], paper: Paper, headcount: Headcount,
          abstained: int, rule: Mapping[str, Any] | None) -> ResultLine:
    scale = _scale(paper)
    given = [answer["ratings"][option.key] for answer in answers
             if not is_abstention(answer) and option.key in answer["ratings"]]
    # Sorted, so that no result can depend on the order in which people voted.
    ratings = tuple(sorted(value for value in given if value != OUTSIDE))
    panel = RatingPanel(
        ratings, scale_min=scale.minimum, scale_max=scale.maximum, entitled=headcount.entitled,
        invited=headcount.invited, recused=headcount.recused,
        outside_expertise=len(given) - len(ratings), abstained=abstained,
        groups=_groups(option, rule))
    counted = panel.counted.ratings
    verdict: Verdict | None = None
    if rule:
        verdict = judged(rule, panel)
    high = Proportion(sum(value >= scale.upper_third_from for value in ratings), len(ratings))
    return ResultLine(
        key=option.key, text=option.text, answered=len(given), verdict=verdict,
        distribution=tuple((bar.rating, bar.count) for bar in histogram(ratings, scale=scale)),
        figures={
            "rated": len(ratings), "median": median(counted) if ratings else None,
            "iqr": interquartile_range(counted) if ratings else None,
            "high": high.count, "high_percent": high.percent, "interval": high.interval(),
            "outside": panel.outside_expertise, **_spread(counted),
            **(_newer_figures(counted, scale, high=high, low=counted.up_to(scale.lower_third_to)) if _is_newer(rule)
               else {}),
            **(_said_figures(panel, rule, low=counted.up_to(scale.lower_third_to)) if _tells_lower(rule) else {}),
            **({"groups_met": verdict.figures["groups_met"]} if verdict and "groups_met" in verdict.figures else {})})


def _is_newer(rule: Mapping[str, Any] | None) -> bool:
    """Whether the round opened under terms that have the newer figures; older ones are counted as they were."""
    return rule is not None and rule.get(VERSION, FIRST_VERSION) != FIRST_VERSION


def _tells_lower(rule: Mapping[str, Any] | None) -> bool:
    return rule is not None and rule.get(VERSION, FIRST_VERSION) >= SAID_ONCE


def _said_figures(panel: RatingPanel, rule: Mapping[str, Any] | None, *, low: int) -> dict[str, int]:
    """Every share that the rule's sentence may give, besides the upper third."""
    return {"low": low, "low_of": panel.rated, "within_one_of": panel.rated,
            **tabled_figures(tabled_shares(rule, panel))}


def _nobody(scale: Scale) -> RatingPanel:
    return RatingPanel((), scale_min=scale.minimum, scale_max=scale.maximum, entitled=0, invited=0)


def _columns(rule: Mapping[str, Any] | None, scale: Scale, said: tuple[Column, ...]) -> tuple[Column, ...]:
    if not _is_newer(rule):
        return COLUMNS
    beside = (LOWER_THIRD, *said) if _tells_lower(rule) else ()
    named = [Column(key=one.key, label=AS_IF_LABEL) if one.key == "interval" else one for one in COLUMNS]
    place = [one.key for one in named].index("interval") + 1
    return (*named[:place], *beside, *named[place:], *NEWER_COLUMNS,
            *([DISAGREEMENT] if scale == RAND_SCALE else []), *OWN_COLUMNS.get(scale, ()))


def _groups(option: PaperOption, rule: Mapping[str, Any] | None) -> tuple[tuple[str, tuple[int, ...]], ...]:
    found = (rule or {}).get("groups", {}).get(option.key, [])
    return tuple((name, tuple(ratings)) for name, ratings in found)


def _newer_figures(ratings: CountedRatings, scale: Scale, *, high: Proportion, low: int) -> dict[str, Any]:
    """Mean, standard deviation, strength in bands, those near the median, and what the scale has measures of its own
    for; None of nobody."""
    some = len(ratings) > 0
    own: dict[str, Any] = {}
    if scale == RAND_SCALE:
        own["disagreement_index"] = float(interpercentile_range(ratings).disagreement_index) if some else None
    if scale == RELEVANCE:
        found = item_validity(ratings)
        own |= {"i_cvi": None if found.i_cvi is None else float(found.i_cvi),
                "kappa_star": None if found.kappa_star is None else float(found.kappa_star)}
    if scale == NECESSITY:
        ratio = content_validity_ratio(ratings)
        own["cvr"] = None if ratio is None else float(ratio)
    return {"mean": mean(ratings) if some else None, "sd": standard_deviation(ratings) if some else None,
            "within_one": within_one(ratings) if some else None,
            "strength": strength_band(max(high.count, low), len(ratings)), **own}


def _whole_scale(lines: Sequence[ResultLine], paper: Paper) -> dict[str, Any]:
    """The content validity of all statements together, where they are rated from 1 to 4."""
    if _scale(paper) != RELEVANCE:
        return {}
    items = [item_validity([step for step, count in line.distribution if isinstance(step, int) for _ in range(count)])
             for line in lines]
    found = scale_validity(items)
    return {"s_cvi_ave": float(found.average) if found else None, "s_cvi_ua": float(found.universal) if found else None}


def _spread(ratings: CountedRatings) -> dict[str, Any]:
    """How far the ratings lie together, by three more measures, each with its words."""
    if not ratings:
        return {"agreement_a": None, "tastle_wierman": None, "cqv": None, "spread_words": ""}
    agreement, consensus = agreement_a(ratings.counts), tastle_wierman_consensus(ratings.counts)
    return {"agreement_a": agreement, "tastle_wierman": consensus, "cqv": quartile_variation(ratings),
            "spread_words": f"{describe_agreement_a(agreement)}; {describe_tastle_wierman(consensus)}"}


KIND = Rating()
