"""Everything that a summary says as one long table, one number or text a row: the CSV file, and a sheet of the
workbook."""

from collections.abc import Iterator
from typing import Any

from sigforum.summaries.document.facts import Provenance
from sigforum.summaries.document.further import further_rows
from sigforum.summaries.document.people import Participation
from sigforum.summaries.document.polls import PollLine, PollSummary, Priorities, Turnout
from sigforum.summaries.document.said import QuestionSummary, Said
from sigforum.summaries.document.summary import Summary, SummaryDocument
from sigforum.summaries.sections import data_tables

COLUMNS = ("session", "section", "item", "part_of", "measure", "value")

Row = tuple[str, str, str, str, Any]


def long_rows(summary: Summary) -> Iterator[tuple[str, str, str, str, str, Any]]:
    """The rows under their sessions' codes; empty values have none."""
    for code, row in _every_row(summary):
        if row[-1] is not None and row[-1] != "":
            yield (code, *row)


def _every_row(summary: Summary) -> Iterator[tuple[str, Row]]:
    for document in summary.documents:
        for row in _rows(document):
            yield document.forum_session.code, row
        for row in further_rows(document):
            yield document.forum_session.code, row
    for table, found in data_tables(summary):
        for cells in found:
            for column, value in zip(table.columns[1:], cells[1:], strict=True):
                part_of = cells[table.part_of] if table.part_of else ""
                yield cells[0], (table.section, cells[table.item], part_of, column.name, value)


def _rows(document: SummaryDocument) -> Iterator[Row]:
    for name, value in vars(document.meeting).items():
        yield "meeting", document.meeting.slug, "", name, value
    for name, value in vars(document.forum_session).items():
        yield ("forum_session", document.forum_session.code, "", name,
               "; ".join(value) if isinstance(value, tuple) else value)
    for question in document.questions:
        yield from _question(question)
    for poll in document.polls:
        yield from _poll(poll)
    if document.priorities is not None:
        yield from _priorities(document.priorities)
    yield from _participation(document.participation)
    yield from _provenance(document.provenance)


def _question(question: QuestionSummary) -> Iterator[Row]:
    key = question.key
    for name in ("text", "is_central", "is_retired", "responses", "replies", "withdrawn"):
        yield "question", key, "", name, getattr(question, name)
    for wording in question.earlier_wordings:
        yield "question", key, "", "earlier_wording", wording
    yield "question", key, "", "hidden", len(question.hidden_reasons)
    for reason in question.hidden_reasons:
        yield "question", key, "", "hidden_reason", reason
    for said in question.said:
        yield from _said(said, section="response", part_of=key)


def _said(said: Said, *, section: str, part_of: str) -> Iterator[Row]:
    for name in ("state", "name", "affiliation", "group", "posted_at", "text", "revision", "is_edited",
                 "answered_wording"):
        yield section, said.key, part_of, name, getattr(said, name)
    for reply in said.replies:
        yield from _said(reply, section="reply", part_of=said.key)


def _turnout(turnout: Turnout, *, section: str, key: str) -> Iterator[Row]:
    for name, value in vars(turnout).items():
        yield section, key, "", name, value


def _poll(poll: PollSummary) -> Iterator[Row]:
    for name in ("title", "kind", "state", "visibility", "secrecy", "is_revealed", "rule", "frozen_sha256"):
        yield "poll", poll.key, "", name, getattr(poll, name)
    for name, value in (vars(poll.scale) if poll.scale else {}).items():
        yield "poll", poll.key, "", f"scale_{name}", value
    yield from _turnout(poll.turnout, section="poll", key=poll.key)
    for name, value in _said_once(poll):
        yield "poll", poll.key, "", name, value
    for asked in poll.rounds:
        for name in ("opened_at", "closed_at", "revealed_at", "answered", "entitled", "late", "had_feedback",
                     "terms_sha256"):
            yield "round", f"{poll.key}-{asked.number}", poll.key, name, getattr(asked, name)
    for number, made in enumerate(poll.deviations, start=1):
        for name, value in vars(made).items():
            yield "deviation", f"{poll.key}-d{number}", poll.key, name, value
    for moved in poll.movements:
        yield "movement", f"{poll.key}-{moved.to_round}", poll.key, moved.text, moved.words
    for line in poll.lines:
        yield from _line(line, part_of=poll.key)


def _said_once(poll: PollSummary) -> Iterator[tuple[str, Any]]:
    """What a poll has only where there is something to say."""
    if poll.earlier_rule:
        yield "earlier_rule", poll.earlier_rule
    yield from ((figure.key, figure.value) for figure in poll.whole_figures)


def _line(line: PollLine, *, part_of: str) -> Iterator[Row]:
    yield "statement", line.key, part_of, "text", line.text
    yield "statement", line.key, part_of, "answered", line.answered
    for figure in line.figures:
        # An interval is two numbers; it follows below, with the share it belongs to.
        if not isinstance(figure.value, tuple | list):
            yield "statement", line.key, part_of, figure.key, figure.value
    # On a scale the share is that of the upper third; elsewhere it is of whoever chose, agreed or said yes.
    share_of = "upper_third" if any(figure.key == "high" for figure in line.figures) else "share"
    for name, value in (vars(line.share) if line.share else {}).items():
        yield "statement", line.key, part_of, f"{share_of}_{name}", value
    for name, value in (vars(line.verdict) if line.verdict else {}).items():
        yield "statement", line.key, part_of, f"verdict_{name}", value
    for step in line.distribution:
        yield "distribution", line.key, part_of, step.step, step.count
    for text in line.texts:
        yield "statement", line.key, part_of, "text_answer", text


def _priorities(priorities: Priorities) -> Iterator[Row]:
    for name in ("state", "is_revealed", "budget", "per_item", "frozen_sha256"):
        yield "priorities", priorities.key, "", name, getattr(priorities, name)
    yield from _turnout(priorities.turnout, section="priorities", key=priorities.key)
    for item in priorities.items:
        for name in ("rank", "points", "voters", "largest_single"):
            yield "priority", item.key, priorities.key, name, getattr(item, name)


def _participation(participation: Participation) -> Iterator[Row]:
    for name, value in vars(participation).items():
        if name != "groups":
            yield "participation", "all", "", name, value
    for group in participation.groups:
        for name, value in vars(group).items():
            if name != "label":
                yield "participation", group.label, "all", name, value


def _provenance(provenance: Provenance) -> Iterator[Row]:
    for name, value in vars(provenance).items():
        yield "provenance", "", "", name, value
