"""Approval: every option that one could live with, none to all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.choosing import (
    INTERVALS,
    NO_INTERVALS,
    answer_beside,
    chosen_places,
    count_choices,
    describe_beside,
    describe_chosen,
    everywhere,
    form_beside,
    known_keys,
    place_beside,
    read_offer,
    settings_words,
)
from sigforum.ballots.domain import Answer, Headcount, Paper, Result


class Approval:
    """Everyone approves of as many options as they like; approving of none is an answer too."""

    name = "approval"
    label = "Approval"
    description = "Everyone marks all options they approve of, as many as they like."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """Whether "outside my expertise" is offered. Raises Invalid by field."""
        return {"outside": read_offer(raw), INTERVALS: NO_INTERVALS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """Whether nobody could stand outside their expertise."""
        return settings_words(settings=settings)

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `approve-<key>`, and `outside` or `abstain` for the whole ballot."""
        beside = form_beside(form)
        if beside is not None:
            return beside
        return {"approved": [name.removeprefix("approve-") for name, value in form.items()
                             if name.startswith("approve-") and value]}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """The keys approved of, or an answer beside the question. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        return {"approved": known_keys(raw.get("approved"), paper)}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The share of those who approve of each option; who approves of none still counts in all of them."""
        chosen = [answer["approved"] for answer in answers if "approved" in answer]
        return count_choices(self.name, answers, chosen, paper, headcount=headcount, label="Approved by",
                             did="marked what they approve of")

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """That an option was approved of."""
        return describe_beside(answer) or describe_chosen(
            answer["approved"], paper, word="Approved", none="Approved of none")

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """Whether each option was approved of."""
        beside = place_beside(answer)
        return everywhere(beside, paper) if beside else chosen_places(answer["approved"], paper)


KIND = Approval()
