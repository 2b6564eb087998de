"""What the kinds share that take an answer of its own for each option, or "outside my expertise" for some."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sigforum.ballots.choosing import OUTSIDE_EXPERTISE, describe_beside
from sigforum.ballots.domain import ABSTAIN, Answer, Paper
from sigforum.kernel.errors import Invalid

OUTSIDE_FIELD = "outside-"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A ballot's answers by option and the options outside the voter's expertise, all of them on the paper."""

    answers: Mapping[str, Any]
    outside: tuple[str, ...]


def read_fields(form: Mapping[str, str], *, field: str, prefix: str, read: Callable[[str], Any]) -> dict[str, Any]:
    """A form's fields `<prefix><key>` that are not empty, the ticks `outside-<key>`, and `abstain` for all."""
    if form.get("abstain"):
        return dict(ABSTAIN)
    return {field: {name.removeprefix(prefix): read(value) for name, value in form.items()
                    if name.startswith(prefix) and value.strip()},
            "outside": [name.removeprefix(OUTSIDE_FIELD) for name, value in form.items()
                        if name.startswith(OUTSIDE_FIELD) and value]}


def given_by_option(raw: Mapping[str, Any], paper: Paper, *, field: str, refusal: str) -> Given:
    """The same from a raw answer. Raises Invalid: `refusal` for another shape, by key for what is not on the paper."""
    answers, outside = raw.get(field, {}), raw.get("outside", [])
    if not isinstance(answers, Mapping) or not isinstance(outside, list | tuple):
        raise Invalid({"": refusal})
    strangers = {str(key): "This is not on the ballot." for key in (*answers, *outside) if key not in paper.keys}
    if strangers:
        raise Invalid(strangers)
    return Given(answers=answers, outside=tuple(key for key in paper.keys if key in outside))


def describe_by_option(answer: Answer, paper: Paper, *, field: str, say: Callable[[Any], str]) -> dict[str, str]:
    """What a stored ballot of such a kind says, by option."""
    said = {}
    for key in paper.keys:
        if key in answer.get(field, {}):
            said[key] = say(answer[field][key])
        elif key in answer.get("outside", ()):
            said[key] = OUTSIDE_EXPERTISE
    # An empty ballot cannot be cast; one of which nothing is left says nothing any more.
    return describe_beside(answer) if answer.get("abstain") else said
