"""Single choice: one of several options."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import (
    INTERVALS,
    NO_INTERVALS,
    answer_beside,
    count_choices,
    describe_beside,
    form_beside,
    known_keys,
    place_beside,
    read_offer,
    settings_words,
)
from sigforum.ballots.domain import Answer, Headcount, Paper, Result
from sigforum.kernel.errors import Invalid


class Single:
    """Everyone chooses one option; "outside my expertise" and "abstain" are answers of their own."""

    name = "single"
    label = "Single choice"
    description = "Everyone chooses one of several options."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """Whether "outside my expertise" is offered. Raises Invalid by field."""
        return {"outside": read_offer(raw), INTERVALS: NO_INTERVALS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """Whether nobody could stand outside their expertise."""
        return settings_words(settings=settings)

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """One field `choice`: an option's key, `outside` or `abstain`."""
        choice = form.get("choice", "")
        beside = form_beside({choice: "1"}) or form_beside(form)
        return beside if beside is not None else {"choice": choice}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """The key of one option, or an answer beside the question. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        if not raw.get("choice"):
            raise Invalid({"": "Choose one of the options, or abstain."})
        return {"choice": known_keys([raw["choice"]], paper)[0]}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The share of each option among those who chose one."""
        chosen = [[answer["choice"]] for answer in answers if "choice" in answer]
        return count_choices(self.name, answers, chosen, paper, headcount=headcount)

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The option chosen, in its words."""
        words = next((option.text for option in paper.options if option.key == answer.get("choice")), "")
        return {"": words} if words else describe_beside(answer)

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The key of the option chosen."""
        return {"": place_beside(answer) or answer["choice"]}


KIND = Single()
