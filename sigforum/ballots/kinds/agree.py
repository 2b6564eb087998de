"""Agree or disagree: a batch of statements, each with agree, disagree, pass or outside one's expertise."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import (
    INTERVALS,
    NO_INTERVALS,
    OFFERED,
    OUTSIDE_EXPERTISE,
    answer_beside,
    columns_under,
    describe_beside,
    everywhere,
    has_intervals,
    read_offer,
    settings_words,
    share_figures,
    who_answered,
)
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
    is_abstention,
)
from sigforum.kernel.errors import Invalid

OUTSIDE = "x"
WORDS = {"agree": "Agree", "disagree": "Disagree", "pass": "Pass", OUTSIDE: "Outside expertise"}
# Whether groups of people who voted alike are looked for; who decides knows of it before the first vote.
BY_SIZE = "by_size"
GROUPS = (BY_SIZE, "always", "never")
COLUMNS = (
    Column(key="count", label="Agree"),
    Column(key="disagree", label="Disagree"),
    Column(key="pass", label="Pass"),
    Column(key="outside", label="Outside expertise"),
    Column(key="turnout", label="Answered"),
)


class Agree:
    """Statements to agree or disagree with; a statement may be left without an answer."""

    name = "agree"
    label = "Agree or disagree"
    description = "Everyone agrees, disagrees or passes on each of a batch of statements."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """Whether "outside my expertise" is offered, and whether groups are looked for in the votes. Raises Invalid."""
        groups = str(raw.get("groups") or BY_SIZE)
        if groups not in GROUPS:
            raise Invalid({"groups": "Choose whether groups are looked for in the votes."})
        return {"outside": read_offer(raw), "groups": groups, INTERVALS: NO_INTERVALS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """Whether groups are looked for, where that does not depend on the number of voters."""
        groups = {"always": "groups looked for in the votes", "never": "no groups looked for in the votes"}
        return settings_words(groups.get(settings.get("groups", ""), ""), settings=settings)

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `agree-<key>`, and `abstain` for the whole ballot."""
        if form.get("abstain"):
            return dict(ABSTAIN)
        return {"votes": {name.removeprefix("agree-"): value for name, value in form.items()
                          if name.startswith("agree-") and value}}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """A word of WORDS for at least one statement, or an abstention. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None and is_abstention(beside):
            return beside
        votes = raw.get("votes")
        if not isinstance(votes, Mapping) or not votes:
            raise Invalid({"": "Answer at least one statement, or abstain."})
        words = [word for word in WORDS if word != OUTSIDE or paper.settings["outside"] == OFFERED]
        errors: dict[str, str] = {}
        for key, word in votes.items():
            if key not in paper.keys:
                errors[str(key)] = "This statement is not on the ballot."
            elif word not in words:
                errors[key] = f"Choose one of: {', '.join(WORDS[one].lower() for one in words)}."
        if errors:
            raise Invalid(errors)
        return {"votes": {key: votes[key] for key in paper.keys if key in votes}}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """For each statement the share that agrees among those who agree or disagree, and who answered it."""
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers),
            abstained=sum(is_abstention(answer) for answer in answers), columns=columns_under(COLUMNS, paper),
            lines=tuple(_line(option, answers, paper, headcount) for option in paper.options),
            text=who_answered(answers, headcount, did="voted on statements"))

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The answer to each statement that has one."""
        words = {**WORDS, OUTSIDE: OUTSIDE_EXPERTISE}
        return describe_beside(answer) or {
            key: words[answer["votes"][key]] for key in paper.keys if key in answer["votes"]}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The answer's word, statement by statement."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        places = {key: answer["votes"][key] for key in paper.keys if key in answer["votes"]}
        return {key: OUTSIDE_PLACE if place == OUTSIDE else place for key, place in places.items()}


def _line(option: PaperOption, answers: Sequence[Answer], paper: Paper, headcount: Headcount) -> ResultLine:
    given = [answer["votes"][option.key] for answer in answers if option.key in answer.get("votes", {})]
    counts = {word: given.count(word) for word in WORDS}
    return ResultLine(
        key=option.key, text=option.text, answered=len(given),
        distribution=tuple((label, counts[word]) for word, label in WORDS.items()),
        figures={
            **share_figures(counts["agree"], counts["agree"] + counts["disagree"],
                            has_interval=has_intervals(paper)),
            "disagree": counts["disagree"], "pass": counts["pass"], "outside": counts[OUTSIDE],
            "turnout": f"{len(given)} of {headcount.entitled}"})


KIND = Agree()
