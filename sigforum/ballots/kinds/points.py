"""Priorities: a budget of points that each person lays on the responses of a forum session."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots.domain import (
    Answer,
    Column,
    Headcount,
    Paper,
    Result,
    ResultLine,
    form_number,
    is_abstention,
)
from sigforum.consensus.fast_one_less import points_one_less
from sigforum.consensus.one_person_less import describe_one_person_less
from sigforum.consensus.points import describe_points, tally_points
from sigforum.kernel.errors import Invalid

COLUMNS = (
    Column(key="rank", label="Rank"),
    Column(key="points", label="Points"),
    Column(key="voters", label="Voters"),
    Column(key="largest_single", label="Most from one"),
)


class Points:
    """Each person lays up to `budget` points, at most `per_item` on one response."""

    name = "points"
    label = "Priorities"
    description = "Everyone lays a few points on what matters most."
    takes_rule = False
    options_are_responses = True

    def parse_settings(self, raw: Mapping[str, str]) -> dict[str, Any]:
        """The budget (5 unless given) and the most for one item (3). Raises Invalid by field."""
        values, errors = {}, {}
        for name, default, label in (("budget", 5, "The budget"), ("per_item", 3, "The most for one item")):
            text = str(raw.get(name, "") or default)
            number = form_number(text)
            if isinstance(number, int) and 1 <= number <= 100:
                values[name] = number
            else:
                errors[name] = f"{label} is a whole number from 1 to 100."
        if not errors and values["per_item"] > values["budget"]:
            errors["per_item"] = "Nobody can lay more on one item than they have."
        if errors:
            raise Invalid(errors)
        return values

    def settings_text(self, settings: Mapping[str, Any]) -> str:
        """What each could lay."""
        return f"{settings['budget']} points each, at most {settings['per_item']} on one"

    def read_form(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Fields named `points-<key>`; an empty one is no points."""
        return {name.removeprefix("points-"): form_number(value)
                for name, value in form.items() if name.startswith("points-") and value.strip()}

    def parse_answer(self, raw: Any, paper: Paper) -> dict[str, Any]:
        """Points by option key, bare or under `points`; zeros are left out. Raises Invalid by key."""
        given = raw.get("points", raw) if isinstance(raw, Mapping) else None
        if not isinstance(given, Mapping):
            raise Invalid({"": "A ballot gives points by response."})
        budget, per_item = paper.settings["budget"], paper.settings["per_item"]
        errors: dict[str, str] = {}
        laid: dict[str, int] = {}
        for key, points in given.items():
            if key not in paper.keys:
                # A response taken back while the form was open: without points on it nothing is lost.
                if points != 0:
                    errors[str(key)] = "This response is no longer in the list."
            elif not isinstance(points, int) or isinstance(points, bool) or points < 0:
                errors[key] = "Points are whole numbers from 0."
            elif points > per_item:
                errors[key] = f"At most {per_item} points on one response."
            elif points:
                laid[key] = points
        if not errors and sum(laid.values()) > budget:
            errors[""] = f"{sum(laid.values())} points laid; you have {budget}."
        if errors:
            raise Invalid(errors)
        return {"points": dict(sorted(laid.items()))}

    def tally(self, answers: Sequence[Answer], paper: Paper, *, headcount: Headcount,
              rule: Mapping[str, Any] | None) -> Result:
        """Rank the responses. Points on a response that was taken back are not counted; they are free again."""
        standing = set(paper.keys)
        ballots = [{key: points for key, points in answer.get("points", {}).items() if key in standing}
                   for answer in answers]
        used = [ballot for ballot in ballots if ballot]
        texts = {option.key: option.text for option in paper.options}
        lines = tally_points(used, budget=paper.settings["budget"], per_item=paper.settings["per_item"],
                             keys=paper.keys)
        total, less = sum(line.points for line in lines), points_one_less(used)
        hangs = describe_one_person_less(less, names=texts) if total else ""
        return Result(
            kind=self.name, headcount=headcount, answered=len(used),
            abstained=sum(is_abstention(answer) for answer in answers), columns=COLUMNS,
            lines=tuple(ResultLine(
                key=line.key, text=texts[line.key], answered=line.voters,
                figures={"rank": line.rank if line.points else None, "points": line.points,
                         "voters": line.voters, "largest_single": line.largest_single,
                         "readout": describe_points(line)})
                for line in lines),
            text=f"{total} points laid by {len(used)} of {headcount.entitled} entitled people. {hangs}".rstrip(),
            extra={"is_fragile": less.is_fragile, "tipping": less.tipping})

    def describe(self, answer: Answer, paper: Paper) -> dict[str, str]:
        """The points on each response; that there are none where nothing was laid."""
        laid = answer.get("points", {})
        if not laid:
            return {"": "No points laid"}
        return {key: f"{laid[key]} point{'s' if laid[key] > 1 else ''}" for key in paper.keys if key in laid}

    def positions(self, answer: Answer, paper: Paper) -> dict[str, int | float | str]:
        """The points on each response, 0 where none lie."""
        return {key: answer.get("points", {}).get(key, 0) for key in paper.keys}


KIND = Points()
