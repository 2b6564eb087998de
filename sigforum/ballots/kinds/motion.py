"""Motion: yes, no or abstain, judged by a majority and a quorum that are declared beforehand."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import (
    ABSTAINED,
    INTERVAL,
    answer_beside,
    describe_beside,
    everywhere,
    share_columns,
    share_figures,
    tabled_figures,
    who_answered,
)
from sigforum.ballots.domain import (
    ABSTAIN,
    ABSTAIN_PLACE,
    Answer,
    Column,
    Headcount,
    Paper,
    PaperOption,
    Result,
    ResultLine,
    is_abstention,
)
from sigforum.ballots.registry import described_rule, judged, tabled_shares
from sigforum.consensus.rating_panel import RatingPanel
from sigforum.consensus.rule_fields import FIRST_VERSION, SAID_ONCE, VERSION
from sigforum.consensus.verdicts import Verdict
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import one_line

LONGEST_LABEL = 30
# What the rule gets: a scale of two points, no and yes.
RATINGS = {"no": 0, "yes": 1}


class Motion:
    """Motions voted on with yes, no or abstain; abstaining counts for the quorum."""

    name = "motion"
    label = "Motion"
    description = "Everyone votes yes, no or abstains; the rule declared beforehand asks for a majority and a quorum."
    takes_rule = True
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The words for yes and no. Raises Invalid by field."""
        labels = {name: one_line(raw.get(name) or default) or default
                  for name, default in (("yes_label", "Yes"), ("no_label", "No"))}
        errors = {name: f"At most {LONGEST_LABEL} characters." for name, text in labels.items()
                  if len(text) > LONGEST_LABEL}
        if errors:
            raise Invalid(errors)
        return labels

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """The words for yes and no, where they are others."""
        yes, no = settings["yes_label"], settings["no_label"]
        return "" if (yes, no) == ("Yes", "No") else f"“{yes}” for yes and “{no}” for no"

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `motion-<key>` with `yes`, `no` or `abstain`; `abstain` alone for all motions."""
        if form.get("abstain"):
            return dict(ABSTAIN)
        return {"votes": {name.removeprefix("motion-"): value for name, value in form.items()
                          if name.startswith("motion-") and value}}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """Yes, no or abstain on every motion; abstaining on all is an abstention. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        votes = raw.get("votes")
        if not isinstance(votes, Mapping):
            raise Invalid({"": "Vote yes, no or abstain."})
        errors = {str(key): "This motion is not on the ballot." for key in votes if key not in paper.keys}
        errors |= {key: "Vote yes, no or abstain." for key in paper.keys
                   if votes.get(key) not in ("yes", "no", "abstain")}
        if errors:
            raise Invalid(errors)
        if all(votes[key] == "abstain" for key in paper.keys):
            return dict(ABSTAIN)
        return {"votes": {key: votes[key] for key in paper.keys}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """Yes among the yes and no votes of each motion, and the verdict."""
        yes, no = paper.settings["yes_label"], paper.settings["no_label"]
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers),
            abstained=sum(is_abstention(answer) for answer in answers),
            columns=(Column(key="count", label=yes), *([INTERVAL] if _has_interval(rule) else []),
                     Column(key="no", label=no), *share_columns(tabled_shares(rule, _panel(0, 0, 0, headcount)))),
            lines=tuple(_line(option, answers, paper, headcount, rule) for option in paper.options),
            rule=described_rule(rule) if rule else "",
            text=who_answered(answers, headcount, did="voted"))

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The vote on each motion, in the poll's words for yes and no."""
        words = {"yes": paper.settings["yes_label"], "no": paper.settings["no_label"], "abstain": ABSTAINED}
        return describe_beside(answer) or {
            key: words[answer["votes"][key]] for key in paper.keys if key in answer["votes"]}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """Yes, no or abstain, motion by motion."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        return {key: answer["votes"][key] for key in paper.keys if key in answer["votes"]}


def _line(option: PaperOption, answers: Sequence[Answer], paper: Paper, headcount: Headcount,
          rule: Mapping[str, Any] | None) -> ResultLine:
    given = ["abstain" if is_abstention(answer) else answer["votes"][option.key] for answer in answers]
    yes, no, abstained = (given.count(word) for word in ("yes", "no", "abstain"))
    panel = _panel(yes, no, abstained, headcount)
    verdict: Verdict | None = None
    if rule:
        verdict = judged(rule, panel)
    return ResultLine(
        key=option.key, text=option.text, answered=len(given), verdict=verdict,
        # Abstentions stand here and not among the figures, which are of those who voted yes or no.
        distribution=((paper.settings["yes_label"], yes), (paper.settings["no_label"], no),
                      ("Abstain", abstained)),
        figures={**share_figures(yes, yes + no, has_interval=_has_interval(rule)), "no": no,
                 **({"no_of": yes + no} if rule and rule.get(VERSION, FIRST_VERSION) >= SAID_ONCE else {}),
                 **tabled_figures(tabled_shares(rule, panel))})


def _panel(yes: int, no: int, abstained: int, headcount: Headcount) -> RatingPanel:
    return RatingPanel(
        (RATINGS["no"],) * no + (RATINGS["yes"],) * yes, scale_min=0, scale_max=1, abstained=abstained,
        entitled=headcount.entitled, invited=headcount.invited, recused=headcount.recused)


def _has_interval(rule: Mapping[str, Any] | None) -> bool:
    """Those who may vote are no sample of anybody; only rounds that opened under the first terms have an interval."""
    return rule is None or rule.get(VERSION, FIRST_VERSION) == FIRST_VERSION


KIND = Motion()
