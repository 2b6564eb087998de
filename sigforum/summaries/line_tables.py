"""Lines, minority positions and sign-offs as tables for programs."""

from collections.abc import Iterator
from typing import Any

from sigforum.summaries.columns import SESSION, DataTable, count, words
from sigforum.summaries.document.lines import MinorityPosition
from sigforum.summaries.document.summary import SummaryDocument


def _lines(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    for line in document.lines:
        vote = line.vote
        yield (document.forum_session.code, line.key, line.kind, line.number, line.text, line.owner,
               line.due_on.isoformat() if line.due_on else "", line.wording, vote.poll if vote else "",
               vote.line if vote else "", vote.verdict if vote else "", vote.words if vote else "",
               "yes" if line.needs_vote else "no", line.approved, line.commented, line.dissented, line.reviewers,
               " ".join(line.lineage))


def _minority(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    found: list[MinorityPosition] = [*document.minority, *(one for line in document.lines for one in line.minority)]
    for one in found:
        yield document.forum_session.code, one.key, one.line, one.text, one.holders, "; ".join(one.bylines)


def _sign_offs(document: SummaryDocument) -> Iterator[tuple[Any, ...]]:
    if document.sign_offs is None:
        return
    code = document.forum_session.code
    for number, name in enumerate(document.sign_offs.listed, start=1):
        yield code, f"n{number}", "listed", name, ""
    for number, one in enumerate(document.sign_offs.reservations, start=1):
        yield code, f"v{number}", "reservation", one.byline, one.text


LINE_TABLES: tuple[DataTable[SummaryDocument], ...] = (
    DataTable(name="Lines", section="line", rows=_lines, columns=(
        SESSION, words("line", "Key of the line"), words("kind", "answer, statement, open_question or action"),
        count("number", "Number among the lines of its kind"), words("text", "The words in force", 60),
        words("owner", "Who will do an action"), words("due_on", "The day by which an action is due"),
        count("wording", "How many wordings there were"), words("poll", "Key of the poll that voted on these words"),
        words("statement", "Key of the statement in that poll"), words("verdict", "What its rule said"),
        words("because", "Why, with the numbers", 40),
        words("needs_vote", "yes where only earlier words were voted on"),
        count("approved", "Participants who approve"),
        count("commented", "Participants who commented"), count("dissented", "Participants who dissent"),
        count("reviewers", "Participants who could review"), words("lineage", "What the line was made of", 40))),
    DataTable(name="Minority positions", section="minority", rows=_minority, part_of=2, columns=(
        SESSION, words("position", "Key of the position"), words("line", "Key of the line; empty for the whole"),
        words("text", "The dissenters’ own words", 60), count("holders", "Participants who hold it"),
        words("bylines", "Who they are, as far as the attribution rule allows", 30))),
    DataTable(name="Sign-offs", section="sign_off", rows=_sign_offs, columns=(
        SESSION, words("sign_off", "Key of the entry"), words("listing", "listed or reservation"),
        words("name", "Name of a listed participant, or byline of a reservation", 30),
        words("text", "The reservation’s words", 60))),
)
