"""What every consensus rule is: a name, its parameters, a sentence, and a judgement of a panel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sigforum.consensus.bands import TabledShare
from sigforum.consensus.counted_panel import CountedPanel
from sigforum.consensus.each_group import each_without_one
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule_fields import NEWEST_VERSION, VERSION, Params, ParamValue, RuleField
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Finding, Verdict, VerdictWord
from sigforum.kernel.errors import Invalid


class RuleParamsInvalid(Invalid):
    """Parameters that a rule cannot work with, by field; '' stands for a scale it is not defined on."""


def any_scale(scale: Scale) -> bool:
    """The answer of a rule that works on every scale."""
    return scale.points > 1


def asks_no_groups(params: Params) -> bool:
    """The answer of a rule that asks the panel as a whole, whatever its parameters."""
    return False


def nothing_besides(panel: CountedPanel, params: Params) -> tuple[TabledShare, ...]:
    """The answer of a rule whose sentence gives shares of thirds of the scale alone."""
    return ()


def read_otherwise(params: Params) -> str:
    """What the first version of a rating's rule does otherwise, whatever its parameters."""
    return ("its intervals do not say that they take the panel for a random sample, and figures that newer polls add, "
            "such as the mean, are not counted.")


def nothing_to_check(params: Params, scale: Scale | None) -> dict[str, str]:
    """The answer of a rule whose parameters cannot contradict each other or the scale."""
    return {}


@dataclass(frozen=True)
class Rule:
    """A rule as plug-in: `decide` and `wording` are written by its file, `judge` and `describe` are what
    callers use.

    `source` is the paper; `applies_to` names ballot kinds; `supports` says on which scales the rule is
    defined; `check` finds parameters that contradict each other or the scale and answers with messages by
    field. `asks_groups` says whether these parameters ask each stakeholder group, and `in_groups` then asks them.
    `first_version` says what the rule did otherwise where it was stored with its first version.
    `tabled` gives the shares of the sentence that a table of ratings or motions does not have of itself.
    `word` is the word of `decide` alone, from counts; with it leaving people out one by one takes no time.
    """

    name: str
    label: str
    source: str
    fields: tuple[RuleField, ...]
    applies_to: frozenset[str]
    wording: Callable[[Params], str]
    decide: Callable[[RatingPanel, Params], Finding]
    supports: Callable[[Scale], bool] = any_scale
    check: Callable[[Params, Scale | None], dict[str, str]] = nothing_to_check
    word: Callable[[CountedPanel, Params], VerdictWord] | None = None
    in_groups: Callable[[RatingPanel, Params, Finding], Finding] | None = None
    asks_groups: Callable[[Params], bool] = asks_no_groups
    first_version: Callable[[Params], str] = read_otherwise
    tabled: Callable[[CountedPanel, Params], tuple[TabledShare, ...]] = nothing_besides

    def describe(self, params: Mapping[str, object] | None = None, *, scale: Scale | None = None,
                 version: int = NEWEST_VERSION) -> str:
        """The rule with these parameters as sentences for the ballot; raises RuleParamsInvalid."""
        return self.wording({**parse_params(self, params or {}, scale=scale), VERSION: version})

    def judge(self, panel: RatingPanel, params: Mapping[str, object] | None = None, *, version: int = NEWEST_VERSION
              ) -> Verdict:
        """The verdict on this panel, parameters completed from the scale, and whether one person less would
        change it. `version` is that with which the rule was stored (`rule_fields.VERSION`).

        Raises RuleParamsInvalid for bad parameters and for a scale that the rule is not defined on.
        """
        complete = parse_params(self, params or {}, scale=panel.scale)
        finding = self._find(panel, {**complete, VERSION: version})
        words = self._words_without_one(panel, {**complete, VERSION: version}, finding.word)
        return Verdict(
            word=finding.word,
            because=finding.because,
            figures={**panel.headcounts, **finding.figures},
            rule=self.name,
            params=complete,
            is_fragile=None if words is None else bool(words - {finding.word}),
            only_too_few=words is not None and words - {finding.word} == {VerdictWord.TOO_FEW},
        )

    def _find(self, panel: RatingPanel, params: Params) -> Finding:
        finding = self.decide(panel, params)
        if self.in_groups is None or finding.word is VerdictWord.TOO_FEW or not self.asks_groups(params):
            return finding
        return self.in_groups(panel, params, finding)

    def _words_without_one(self, panel: RatingPanel, params: Params, word: VerdictWord) -> set[VerdictWord] | None:
        """What the rule says of the panel without each of its people; None where there were too few to say anything."""
        if word is VerdictWord.TOO_FEW:
            return None
        if panel.groups and self.asks_groups(params):
            return {self._find(smaller, params).word for smaller in each_without_one(panel)}
        if self.word is not None:
            tell = self.word
            return {tell(smaller, params) for smaller in panel.counted.each_without_one()}
        # Where abstainers are counted, one of them can tip the verdict as well as somebody who rated.
        smaller = [panel.with_ratings([*panel.ratings[:place], *panel.ratings[place + 1:]])
                   for place in {rating: place for place, rating in enumerate(panel.ratings)}.values()]
        return {self.decide(one, params).word for one in (*smaller, *panel.each_without_a_nonrater())}


def parse_params(
    rule: Rule, raw: Mapping[str, object], *, scale: Scale | None = None, is_new: bool = False
) -> dict[str, ParamValue]:
    """Every parameter of the rule from raw form or JSON input, defaults filled in, the scale's own where it
    is given.

    Nothing given (absent, None or blank text) means the default. Raises RuleParamsInvalid with all errors
    by field, also for a field the rule does not have: a misspelt threshold must not silently become the
    default one. With `is_new`, values that no new rule may have are refused too.
    """
    if scale is not None and not rule.supports(scale):
        raise RuleParamsInvalid({"": f"The rule “{rule.label}” is not defined on a scale from {scale}."})
    known = {field.name for field in rule.fields}
    errors = {name: "This rule has no such setting." for name in raw if name not in known}
    values: dict[str, ParamValue] = {}
    for field in rule.fields:
        given = raw.get(field.name)
        if given is None or (isinstance(given, str) and not given.strip()):
            values[field.name] = field.value_without_input(scale)
            continue
        try:
            values[field.name] = field.parse(given)
            if is_new and any(choice.value == values[field.name] for choice in field.retired):
                errors[field.name] = f"Choose one of: {', '.join(choice.value for choice in field.choices)}."
        except ValueError as error:
            errors[field.name] = str(error)
    if not errors:
        errors = rule.check(values, scale)
    if errors:
        raise RuleParamsInvalid(errors)
    return values
