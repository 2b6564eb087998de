"""The tables of the workbook: those of what was asked, said and voted here, then those that sections bring."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sigforum.summaries.columns import OUTCOME_COLUMNS, OUTCOMES, SESSION, Column, count, number, words
from sigforum.summaries.document.polls import PollLine, PollSummary
from sigforum.summaries.document.said import Said
from sigforum.summaries.document.summary import Summary, SummaryDocument
from sigforum.summaries.long_table import COLUMNS, long_rows
from sigforum.summaries.outline import statement_numbers
from sigforum.summaries.sections import data_tables
from sigforum.summaries.wording import byline_text, gist


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table of plain values."""

    name: str
    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]


_MEANINGS = ("Code of the forum session", "What kind of thing it is of", "Key of that thing", "Key of what holds it",
             "What is told", "The number or the text")
_EVERYTHING = tuple(words(name, meaning, 60 if name == "value" else 16)
                    for name, meaning in zip(COLUMNS, _MEANINGS, strict=True))
_POLL = words("poll", "Key of the poll", 9)
_TURNOUT = (
    count("invited", "People invited to take part"),
    count("entitled", "People who could answer: accepted, not recused"),
    count("recused", "People who could not answer because of an interest"),
    count("answered", "People who answered or abstained"),
    count("abstained", "People who abstained; empty while the result is not revealed"))


# How a column's numbers are written, and what its cells are called in the codebook.
FORMS = {"": "text", "0": "whole number", "0.0": "number, one decimal shown", "0.##": "number", "0.###": "number",
         "0.0000": "number, four decimals shown"}


def sheets(summary: Summary) -> Iterator[Sheet]:
    """Every sheet but the codebook."""
    for name, columns, rows in _TABLES:
        yield Sheet(name=name, columns=columns, rows=[row for document in summary.documents for row in rows(document)])
    for table, found in data_tables(summary):
        yield Sheet(name=table.name, columns=table.columns, rows=found)
    yield Sheet(name="Everything", columns=_EVERYTHING, rows=list(long_rows(summary)))


def codebook(described: Sequence[Sheet]) -> Sheet:
    """What every column means."""
    return Sheet(
        name="Codebook", columns=(words("sheet", "Name of the sheet", 16), words("column", "Name of the column", 24),
                                  words("type", "What its cells hold", 24), words("meaning", "What it means", 90)),
        rows=[(sheet.name, column.name, FORMS[column.form], f"{column.meaning}.")
              for sheet in described for column in sheet.columns])


def _sessions(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    facts, counts, source = document.forum_session, document.participation, document.provenance
    yield (facts.code, facts.title, document.meeting.title, facts.theme, "; ".join(facts.modalities), facts.held_on,
           facts.slot_title, facts.attribution, document.meeting.is_sample, counts.invited, counts.accepted,
           counts.posted, counts.responses, counts.replies, counts.withdrawn, counts.hidden, source.event_number,
           source.event_at, source.inputs_sha256, source.software)


def _questions(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for question in document.questions:
        yield (document.forum_session.code, question.key, question.text, question.is_central, question.is_retired,
               question.responses, question.replies, question.withdrawn, len(question.hidden_reasons),
               " | ".join(question.earlier_wordings), " | ".join(question.hidden_reasons))


def _responses(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    def rows(said: Said, question: str, answers: str) -> Iterator[tuple[Any, ...]]:
        yield (document.forum_session.code, question, said.key, answers, said.state, byline_text(said), said.group,
               said.posted_at, said.revision, said.text, said.answered_wording)
        for reply in said.replies:
            yield from rows(reply, question, said.key)
    for question in document.questions:
        for said in question.said:
            yield from rows(said, question.key, "")


def _polls(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll in document.polls:
        scale, turnout = poll.scale, poll.turnout
        yield (document.forum_session.code, poll.key, poll.title, poll.kind_label, poll.state, poll.is_revealed,
               poll.rule, scale and scale.minimum, scale and scale.maximum, scale and scale.low_label,
               scale and scale.high_label, poll.visibility, poll.secrecy, len(poll.rounds), turnout.invited,
               turnout.entitled, turnout.recused, turnout.answered, turnout.abstained, poll.frozen_sha256,
               poll.earlier_rule, poll.whole_text, poll.settings_text)


def _rounds(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll in document.polls:
        for asked in poll.rounds:
            yield (document.forum_session.code, poll.key, asked.number, asked.opened_at, asked.closed_at,
                   asked.revealed_at, asked.answered, asked.entitled, asked.late, asked.had_feedback,
                   asked.terms_sha256)


def _deviations(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll in document.polls:
        for made in poll.deviations:
            yield (document.forum_session.code, poll.key, made.from_round, made.what, made.before, made.after,
                   made.reason, made.made_at)


def _movements(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll in document.polls:
        for moved in poll.movements:
            yield document.forum_session.code, poll.key, moved.to_round, moved.text, moved.words, moved.stability


def _comments(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for line in document.lines:
        for comment in line.comments:
            yield document.forum_session.code, line.key, comment.byline, comment.text


def _lines(document: SummaryDocument) -> Iterator[tuple[PollSummary, PollLine, str]]:
    numbers = statement_numbers(document)
    for poll in document.polls:
        for line in poll.lines:
            yield poll, line, f"S{numbers[f'{poll.key} {line.key}']}"


def _statements(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll, line, label in _lines(document):
        share, verdict = line.share, line.verdict
        yield (document.forum_session.code, poll.key, line.key, label, line.text, line.answered,
               verdict and str(verdict.word), verdict and verdict.because, verdict and verdict.is_fragile,
               share and share.count, share and share.total, share and share.percent, share and share.low_percent,
               share and share.high_percent, line.median, line.iqr, line.outside_expertise)


def _figures(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll, line, label in _lines(document):
        for figure in line.figures:
            is_number = isinstance(figure.value, int | float) and not isinstance(figure.value, bool)
            yield (document.forum_session.code, poll.key, line.key, label, figure.label,
                   figure.value if is_number else None, figure.text)


def _distributions(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll, line, label in _lines(document):
        for step in line.distribution:
            yield (document.forum_session.code, poll.key, line.key, label, line.text,
                   int(step.step) if poll.scale and step.step.lstrip("-").isdecimal() else step.step, step.count)


def _texts(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for poll, line, label in _lines(document):
        for text in line.texts:
            yield document.forum_session.code, poll.key, line.key, label, text


def _priorities(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for item in document.priorities.items if document.priorities else ():
        yield (document.forum_session.code, item.key, gist(item.text, 14), item.rank, item.points, item.voters,
               item.largest_single)


def _participation(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    code, found = document.forum_session.code, document.participation
    for group in found.groups:
        yield (code, group.label, group.invited, group.accepted, group.posted, group.responses, group.replies,
               *[None] * len(OUTCOMES))
    yield (code, "All", found.invited, found.accepted, found.posted, found.responses, found.replies,
           *(getattr(found, name) for name, _ in OUTCOMES))


Rows = Callable[[SummaryDocument], Iterator[tuple[Any, ...]]]
_STATEMENT = (SESSION, _POLL, words("item", "Key of the statement or option", 9),
              words("number", "Number of the statement in the report", 9))
_TABLES: tuple[tuple[str, tuple[Column, ...], Rows], ...] = (
    ("Sessions", (
        SESSION, words("title", "Title of the forum session", 40), words("meeting", "Title of the meeting", 30),
        words("theme", "Theme on the agenda"), words("modalities", "Modalities on the agenda"),
        words("held_on", "Day, as year-month-day"), words("slot", "Slot on the agenda"),
        words("attribution", "Who may be named: named, role or chatham"),
        words("is_sample", "Whether people and discussion are invented", 10), count("invited", "People invited"),
        count("accepted", "Invited people who accepted"),
        count("posted", "People who posted; empty where so few would link their responses"),
        count("responses", "Responses that stand"), count("replies", "Replies that stand"),
        count("withdrawn", "Responses taken back by their authors"),
        count("hidden", "Responses hidden by a facilitator"),
        count("event_number", "Number of the newest event of the session"),
        words("event_at", "When that event happened, in UTC", 22),
        words("inputs_sha256", "SHA-256 of the data that the numbers rest on", 68),
        words("software", "Program and version that made the file", 18)), _sessions),
    ("Questions", (
        SESSION, words("question", "Key of the question", 9), words("text", "Its words now", 60),
        words("is_central", "Whether it is the session's central question", 10),
        words("is_retired", "Whether it is no longer on the agenda", 10), count("responses", "Responses that stand"),
        count("replies", "Replies that stand"), count("withdrawn", "Responses taken back"),
        count("hidden", "Responses hidden"), words("earlier_wordings", "Earlier words, apart by |", 40),
        words("hidden_reasons", "Reasons for hiding, apart by |", 40)), _questions),
    ("Responses", (
        SESSION, words("question", "Key of the question", 9), words("response", "Key of the response", 9),
        words("answers", "Key of the response that a reply answers", 9),
        words("state", "standing, withdrawn or hidden", 11),
        words("byline", "Author as far as the attribution rule allows", 30),
        words("group", "Stakeholder group, where the rule shows it", 16), words("posted_at", "When, in UTC", 22),
        count("revision", "1 is as first posted"), words("text", "Words in Markdown", 90),
        words("answered_wording", "Words of the question then, where they differ now", 40)), _responses),
    ("Polls", (
        SESSION, _POLL, words("title", "Title of the poll", 40), words("kind", "Kind of ballot"),
        words("state", "Where the poll stands", 10), words("is_revealed", "Whether everyone may see the result", 10),
        words("rule", "Rule of consensus, declared before the first vote", 60),
        count("scale_min", "Lowest step of the scale"), count("scale_max", "Highest step of the scale"),
        words("low_label", "Words at the low end", 18), words("high_label", "Words at the high end", 18),
        words("visibility", "live: totals were shown; after_reveal: only how many had voted"),
        words("secrecy", "Who may know who voted how: open, confidential or secret"),
        count("rounds", "Rounds asked"), *_TURNOUT,
        words("frozen_sha256", "SHA-256 of what froze when round 1 opened", 68),
        words("earlier_rule", "What an earlier version of the rule, by which it was judged, does otherwise", 40),
        words("whole_text", "What is told of all statements together", 40),
        words("settings_text", "Unit, bounds and what else was set for the ballot, beside a scale", 40)), _polls),
    ("Rounds", (
        SESSION, _POLL, count("round", "Number of the round"), words("opened_at", "When it opened, in UTC", 22),
        words("closed_at", "When it closed, in UTC", 22), words("revealed_at", "When it was revealed, in UTC", 22),
        count("answered", "People who answered"), count("entitled", "People who could answer"),
        count("late", "Votes that came too late and were not counted"),
        words("had_feedback", "Whether voters had seen the group's earlier result", 12),
        words("terms_sha256", "SHA-256 of the terms of the round", 68)), _rounds),
    ("Deviations", (
        SESSION, _POLL, count("from_round", "Number of the round from which on it holds"),
        words("what", "What was changed that had frozen", 24), words("before", "What it was", 40),
        words("after", "What it became", 40), words("reason", "Why", 60),
        words("made_at", "When it was changed, in UTC", 22)), _deviations),
    ("Movements", (
        SESSION, _POLL, count("to_round", "Number of the round in which they had moved"),
        words("text", "The statement", 60), words("words", "Who moved since the round before, counts only", 60),
        words("stability", "What that says of stability", 40)), _movements),
    ("Statements", (
        *_STATEMENT, words("text", "The statement or option as voted on", 60),
        count("answered", "People who answered it"),
        words("verdict", "What the declared rule says", 20), words("because", "Why", 60),
        words("is_fragile", "Whether one person less could change the verdict", 10),
        count("share_count", "People in the upper third, or who chose, agreed or said yes"),
        count("share_total", "Of so many"), number("share_percent", "The share in percent", "0.0"),
        number("low_percent", "Lower end of its 95 % Wilson interval, as if the panel were a random sample", "0.0"),
        number("high_percent", "Upper end of its 95 % Wilson interval, as if the panel were a random sample", "0.0"),
        number("median", "Median of the answers"), number("iqr", "Interquartile range of the answers"),
        count("outside_expertise", "People who said it is outside their expertise")), _statements),
    ("Figures", (
        *_STATEMENT, words("figure", "Name of the figure; each kind of ballot has its own", 24),
        number("value", "The figure, where it is one number"),
        words("printed", "The figure as the report prints it", 28)), _figures),
    ("Distributions", (
        *_STATEMENT, words("text", "The statement as voted on", 50), number("answer", "Step of the scale, or answer"),
        count("people", "People who gave it")), _distributions),
    ("Text answers", (*_STATEMENT, words("answer", "What somebody wrote, sorted by the words", 90)), _texts),
    ("Priorities", (
        SESSION, words("response", "Key of the response", 10), words("begins", "How the response begins", 60),
        count("rank", "Place by points, shared by ties; empty without points"), count("points", "Points laid on it"),
        count("voters", "People who laid them"),
        count("most_from_one", "Most points that one person laid")), _priorities),
    ("Participation", (
        SESSION, words("group", "Stakeholder group of three or more, or all", 24),
        count("invited", "People ever invited"),
        count("accepted", "People who ever accepted"), count("posted", "People who posted; empty where withheld"),
        count("responses", "Responses that stand; empty where withheld"),
        count("replies", "Replies that stand; empty where withheld"), *OUTCOME_COLUMNS), _participation),
    ("Comments", (
        SESSION, words("line", "Key of the line that the remark is on", 9),
        words("byline", "Who made it, as far as the attribution rule allows", 30),
        words("text", "What a reviewer remarked", 90)), _comments),
)
