"""Open text: answers in one's own words, shown after the reveal without names, sorted by text."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.by_option import describe_by_option, given_by_option, read_fields
from sigforum.ballots.choosing import answer_beside, everywhere, who_answered
from sigforum.ballots.domain import (
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
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import paragraphs

LONGEST = 1000
COLUMNS = (Column(key="written", label="Answers"), Column(key="outside", label="Outside expertise"))


class Text:
    """Questions answered in words; one of several may be left empty."""

    name = "text"
    label = "Open text"
    description = "Everyone answers in their own words; the answers are shown together, without names."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The most characters of one answer. Raises Invalid by field."""
        errors: dict[str, str] = {}
        longest = form_number(str(raw.get("longest") or LONGEST))
        if not isinstance(longest, int) or not 1 <= longest <= LONGEST:
            errors["longest"] = f"A whole number from 1 to {LONGEST}."
        # Words that appear one by one, as their writers save them, would say who wrote them.
        if raw.get("visibility") == "live":
            errors["visibility"] = "What people write is shown once it is revealed, never live."
        if errors:
            raise Invalid(errors)
        return {"longest": longest}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """The most characters of an answer."""
        return f"at most {settings['longest']} characters each"

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `text-<key>`, `outside-<key>` ticked, and `abstain` for the whole ballot."""
        return read_fields(form, field="texts", prefix="text-", read=str)

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """Words, or "outside my expertise", for at least one question, or an abstention. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        given = given_by_option(raw, paper, field="texts", refusal="A ballot gives texts by question.")
        errors: dict[str, str] = {}
        read: dict[str, str] = {}
        for key in paper.keys:
            text = given.answers.get(key, "")
            if not isinstance(text, str):
                errors[key] = "An answer is a text."
                continue
            words = paragraphs(text)
            if len(words) > paper.settings["longest"]:
                errors[key] = f"{len(words)} characters; at most {paper.settings['longest']} fit."
            elif words and key in given.outside:
                errors[key] = "Write an answer or say that it is outside your expertise, not both."
            elif words:
                read[key] = words
        if not errors and not read and not given.outside:
            errors[""] = "Write an answer, or abstain."
        if errors:
            raise Invalid(errors)
        return {"texts": read, "outside": list(given.outside)}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """What people wrote on each question, sorted by its words."""
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers),
            abstained=sum(is_abstention(answer) for answer in answers), columns=COLUMNS,
            lines=tuple(_line(option, answers) for option in paper.options),
            text=who_answered(answers, headcount, did="wrote"))

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The words themselves."""
        return describe_by_option(answer, paper, field="texts", say=str)

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """That a question was answered; words cannot be compared, and would say in a count what somebody wrote."""
        if is_abstention(answer):
            return everywhere(ABSTAIN_PLACE, paper)
        return {key: "answered" if key in answer["texts"] else OUTSIDE_PLACE for key in paper.keys
                if key in answer["texts"] or key in answer["outside"]}


def _line(option: PaperOption, answers: Sequence[Answer]) -> ResultLine:
    written = [answer["texts"][option.key] for answer in answers if option.key in answer.get("texts", {})]
    outside = sum(option.key in answer.get("outside", ()) for answer in answers)
    return ResultLine(
        key=option.key, text=option.text, answered=len(written) + outside,
        # The words decide the place, so that the order tells nothing of time or person.
        texts=tuple(sorted(written, key=lambda text: (text.casefold(), text))),
        figures={"written": len(written), "outside": outside})


KIND = Text()
