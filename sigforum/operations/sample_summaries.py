"""The sample's summaries: written, reviewed and signed through the same actions that people use."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sigforum.people import invited_queries
from sigforum.people.domain import Viewer
from sigforum.summaries import drafting, reviewing, writing
from sigforum.summaries import queries as summaries
from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Listing, Stance, Wording
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.models import Line, SessionSummary
from sigforum.transaction import transaction

SAMPLES = Path(__file__).parent.parent / "samples"
# The verbs that lead to where a summary stands in the sample.
MOVES = ("ask_review", "close_review", "publish")


def write_summaries(meeting_id: int, viewers: Mapping[str, Viewer], response_ids: Mapping[tuple[str, str], int],
                    forum_session_ids: Mapping[str, int]) -> None:
    """Write the summaries that the sample has, once its votes are cast."""
    content: dict[str, Any] = yaml.safe_load((SAMPLES / "summaries.yaml").read_text("utf-8"))
    for code, sample in content.items():
        with transaction():
            identifier, chair = forum_session_ids[code], viewers[sample["chair"]]
            drafting.begin_summary(chair, identifier)
            _write(chair, identifier, code, sample, response_ids)
            move_summary(chair, identifier, verb="ask_review")
            panel = [viewer for voter in invited_queries.voters(meeting_id, identifier) if voter.has_accepted
                     for viewer in viewers.values() if viewer.person_id == voter.person_id]
            _review(panel, _summary(identifier), sample)
            _sign(panel, identifier, sample["signed"])
            for verb in MOVES[1:MOVES.index(sample["upto"]) + 1]:
                move_summary(chair, identifier, verb=verb)


def _write(chair: Viewer, identifier: int, code: str, sample: Mapping[str, Any],
           response_ids: Mapping[tuple[str, str], int]) -> None:
    writing.write_line(chair, identifier, kind=LineKind.ANSWER, words=Wording(text=sample["answer"]))
    for name in sample["lift"]:
        line = writing.lift_response(chair, response_ids[code, name])
        if name in sample["reworded"]:
            writing.reword_line(chair, line.id, words=Wording(text=sample["reworded"][name]),
                                wording=line.wording.number)
    for text in sample["open_questions"]:
        writing.write_line(chair, identifier, kind=LineKind.OPEN_QUESTION, words=Wording(text=text))
    for action in sample["actions"]:
        due: date | None = action.get("due_on")
        writing.write_line(chair, identifier, kind=LineKind.ACTION,
                           words=Wording(text=action["text"], owner=action["owner"], due_on=due))


def _summary(identifier: int) -> SessionSummary:
    found = summaries.summary_of(identifier)
    assert found is not None, "it was drafted just now"
    return found


def _review(panel: Sequence[Viewer], summary: SessionSummary, sample: Mapping[str, Any]) -> None:
    statements = [line for line in summary.standing if line.kind == LineKind.STATEMENT]
    dissenters = {(one["by"], one["line"]) for one in sample["dissents"]}
    for place, viewer in enumerate(panel[:sample["reviews"]["approve"]]):
        for line in summary.standing:
            number = statements.index(line) + 1 if line in statements else 0
            if (place, number) not in dissenters:
                _say(viewer, line, Stance.APPROVE)
    for place, text in sample["reviews"]["comment"].items():
        _say(panel[place], statements[-1], Stance.COMMENT, text)
    for one in sample["dissents"]:
        line = statements[one["line"] - 1]
        _say(panel[one["by"]], line, Stance.DISSENT, one["text"])
        position = next(found for found in summary.minority_positions if found.text == one["text"])
        for place in one["joined"]:
            reviewing.hold_position(panel[place], position.id, read=position.mark)


def _say(viewer: Viewer, line: Line, stance: Stance, text: str = "") -> None:
    reviewing.review_line(viewer, line.id, NewReview(wording=line.wording.number, stance=stance, text=text))


def _sign(panel: Sequence[Viewer], identifier: int, sample: Mapping[str, Any]) -> None:
    revision, reservations = _summary(identifier).revision, sample["with_reservations"]
    for place, viewer in enumerate(panel[:sample["listed"] + sample["not_listed"]]):
        is_listed = place < sample["listed"]
        listing = Listing.WITH_RESERVATIONS if place in reservations else (
            Listing.LISTED if is_listed else Listing.NOT_LISTED)
        reviewing.sign(viewer, identifier, NewSignOff(
            revision=revision, listing=listing, reservations=reservations.get(place, ""),
            may_be_quoted=place < sample["quoted"]))
