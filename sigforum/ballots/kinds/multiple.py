"""Multiple choice: several options, at least so many and at most so many."""

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
from sigforum.ballots.domain import Answer, Headcount, Paper, Result, form_number
from sigforum.kernel.errors import Invalid
from sigforum.kernel.text import lines


class Multiple:
    """Everyone chooses from `min_chosen` to `max_chosen` options."""

    name = "multiple"
    label = "Multiple choice"
    description = "Everyone chooses several options, within a number set beforehand."
    takes_rule = False
    options_are_responses = False

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """How many are chosen (1 to 3 unless given). Raises Invalid by field."""
        errors: dict[str, str] = {}
        low, high = (form_number(str(raw.get(name) or default))
                     for name, default in (("min_chosen", 1), ("max_chosen", 3)))
        for name, value in (("min_chosen", low), ("max_chosen", high)):
            if not isinstance(value, int) or not 1 <= value <= 100:
                errors[name] = "A whole number from 1 to 100."
        if not errors and isinstance(low, int) and isinstance(high, int):
            if low > high:
                errors["max_chosen"] = "The most cannot be lower than the fewest."
            options = lines(str(raw.get("statements", "")))
            # Nobody could fill a ballot that asks for more options than it has.
            if options and low > len(options):
                errors["min_chosen"] = f"There are only {len(options)} options."
        offer = ""
        try:
            offer = read_offer(raw)
        except Invalid as refusal:
            errors |= refusal.errors
        if errors:
            raise Invalid(errors)
        return {"min_chosen": low, "max_chosen": high, "outside": offer, INTERVALS: NO_INTERVALS}

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """How many options each chose."""
        low, high = settings["min_chosen"], settings["max_chosen"]
        chosen = f"{low} chosen by each" if low == high else f"{low} to {high} chosen by each"
        return settings_words(chosen, settings=settings)

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `choose-<key>`, and `outside` or `abstain` for the whole ballot."""
        beside = form_beside(form)
        if beside is not None:
            return beside
        return {"chosen": [name.removeprefix("choose-") for name, value in form.items()
                           if name.startswith("choose-") and value]}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """The keys chosen, or an answer beside the question. Raises Invalid by key."""
        beside = answer_beside(raw, paper)
        if beside is not None:
            return beside
        chosen = known_keys(raw.get("chosen"), paper)
        low, high = paper.settings["min_chosen"], paper.settings["max_chosen"]
        if not low <= len(chosen) <= high:
            asked = f"exactly {low}" if low == high else f"{low} to {high}"
            raise Invalid({"": f"{len(chosen)} chosen; choose {asked}, or abstain."})
        return {"chosen": chosen}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """The share of people who chose each option; the shares add up to more than all."""
        chosen = [answer["chosen"] for answer in answers if "chosen" in answer]
        return count_choices(self.name, answers, chosen, paper, headcount=headcount)

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """That an option was chosen."""
        return describe_beside(answer) or describe_chosen(answer["chosen"], paper, word="Chosen", none="Chose none")

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """Whether each option was chosen."""
        beside = place_beside(answer)
        return everywhere(beside, paper) if beside else chosen_places(answer["chosen"], paper)


KIND = Multiple()
