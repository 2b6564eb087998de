"""Writing a summary's lines: new, reworded, split, merged, moved, removed and put back."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigforum.ballots import queries as ballots
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict, Invalid, NotFound, Outdated
from sigforum.people.domain import Viewer
from sigforum.summaries import queries
from sigforum.summaries.changing import changed, locked, locked_line
from sigforum.summaries.domain import LONGEST_LINE, LineKind, SummaryState, Wording, one_line
from sigforum.summaries.models import Line, LineSource, LineWording, SessionSummary
from sigforum.summaries.policy import check, check_writable
from sigforum.summaries.poll_results import AUDIENCE
from sigforum.summaries.wording import gist
from sigforum.threads import queries as threads
from sigforum.transaction import Transaction, transaction


def write_line(viewer: Viewer, forum_session_id: int, *, kind: LineKind, words: Wording, wording: int = 0) -> Line:
    """Add a line at the end of its kind. There is one answer: writing it again rewords the `wording` that was seen.

    Raises Conflict where the same words stand there already, and Outdated where somebody has written another answer.
    """
    with transaction() as tx:
        summary = _writable(viewer, forum_session_id)
        if kind is LineKind.ANSWER:
            there = next((line for line in summary.standing if line.kind == kind), None)
            if there is not None:
                number = there.wording.number
                if number != wording and there.wording.text != words.text:
                    raise Outdated(f"The answer is written by now: “{there.wording.text}” Nothing was changed. Save "
                                   "again to put yours in its place; earlier words are kept.",
                                   renewed={"wording": str(number)})
                return reword_line(viewer, there.id, words=words, wording=number)
        _refuse_twins(summary, [words.text], kind=kind)
        line = add_line(summary, kind=kind, words=words, author_id=viewer.person_id)
        _written(tx, viewer, line, "summary_line_written")
    return line


def lift_response(viewer: Viewer, response_id: int) -> Line:
    """Make a statement of a response's words. Lifting it again gives the statement there is."""
    with transaction() as tx:
        response = threads.response(viewer.meeting_id, response_id)
        summary = _writable(viewer, response.forum_session_id)
        if not response.is_standing:
            raise Conflict("This response was taken back.")
        for line in summary.standing:
            if any(source.response_id == response.id for source in line.sources):
                return line
        text = gist(response.text, most=LONGEST_LINE)
        words = Wording(text=text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE - 1] + "…")
        line = add_line(summary, kind=LineKind.STATEMENT, words=words, author_id=viewer.person_id, sources=[
            LineSource(response_id=response.id, response_revision=response.revision)])
        _written(tx, viewer, line, "summary_response_lifted", response=response.id)
    return line


def lift_option(viewer: Viewer, forum_session_id: int, *, poll_id: int, option_key: str) -> Line:
    """Make a statement of a poll's, in the words that were voted on. Raises NotFound before its result is shown."""
    with transaction() as tx:
        summary = _writable(viewer, forum_session_id)
        poll = next((found for found in ballots.polls(forum_session_id, audience=AUDIENCE) if found.id == poll_id),
                    None)
        newest = poll.round if poll is not None else None
        result = ballots.visible_result(poll, newest, audience=AUDIENCE) if poll and newest else None
        found = next((line for line in result.lines if line.key == option_key), None) if result else None
        if found is None or not option_key.startswith("o"):
            raise NotFound("There is no such statement among the revealed results of this session.")
        for line in summary.standing:
            if one_line(line.wording.text) == one_line(found.text):
                return line
        line = add_line(summary, kind=LineKind.STATEMENT, words=Wording(text=found.text), author_id=viewer.person_id,
                        sources=[LineSource(option_id=int(option_key[1:]))])
        _written(tx, viewer, line, "summary_result_lifted", option=option_key)
    return line


def reword_line(viewer: Viewer, line_id: int, *, words: Wording, wording: int) -> Line:
    """Change a line's words; earlier ones stay readable, and a vote stays with the words that were voted on.

    `wording` is the one that was edited. Raises Conflict where a newer one stands there.
    """
    with transaction() as tx:
        line = _writable_line(viewer, line_id)
        if line.wording.number != wording:
            raise Conflict("This line was changed in another window meanwhile. "
                           "Copy your words, reload, and edit the newer version.")
        if line.wording.words != words:
            _refuse_twins(line.summary, [words.text], kind=LineKind(line.kind), but=line.id)
            line.wordings.append(LineWording(number=wording + 1, text=words.text, owner=words.owner,
                                             due_on=words.due_on, written_by_id=viewer.person_id))
            _written(tx, viewer, line, "summary_line_reworded", before={"wording": wording},
                     after={"wording": wording + 1})
    return line


def split_line(viewer: Viewer, line_id: int, *, parts: Sequence[str], wording: int) -> list[Line]:
    """Make several statements of one, which stays as their origin."""
    with transaction() as tx:
        line = _writable_line(viewer, line_id)
        if line.kind != LineKind.STATEMENT:
            raise Conflict("Only statements are split.")
        if line.wording.number != wording:
            raise Conflict("This statement was changed in another window meanwhile. Copy your words and reload.")
        _refuse_twins(line.summary, parts, kind=LineKind.STATEMENT, but=line.id)
        line.retired_at, place = now(), line.position
        made = [add_line(line.summary, kind=LineKind.STATEMENT, words=Wording(text=part), author_id=viewer.person_id,
                         at=place, sources=[LineSource(from_line_id=line.id, from_wording=wording)])
                for part in reversed(parts)]
        _written(tx, viewer, line, "summary_line_split", before=[line.id], after=[one.id for one in made])
    return made[::-1]


def merge_lines(viewer: Viewer, wordings: Mapping[int, int], *, words: Wording) -> Line:
    """Make one statement of several, which stay as its origins; it stands where the first of them stood. `wordings` are
    the numbers of those that were read, by line. Raises Conflict where a newer one stands there."""
    with transaction() as tx:
        lines = sorted({one.id: one for one in (_writable_line(viewer, line_id) for line_id in wordings)}.values(),
                       key=lambda one: one.position)
        if len(lines) < 2 or any(one.kind != LineKind.STATEMENT for one in lines):
            raise Invalid({"lines": "Choose two statements at least."})
        if len({one.summary_id for one in lines}) > 1:
            raise Invalid({"lines": "The statements stand in different sessions."})
        if any(one.wording.number != wordings[one.id] for one in lines):
            raise Conflict("One of these statements was changed meanwhile. Read them once more, and go on then.")
        summary = lines[0].summary
        for one in lines:
            one.retired_at = now()
        _refuse_twins(summary, [words.text], kind=LineKind.STATEMENT)
        merged = add_line(
            summary, kind=LineKind.STATEMENT, words=words, author_id=viewer.person_id, at=lines[0].position,
            sources=[LineSource(from_line_id=one.id, from_wording=one.wording.number) for one in lines])
        _written(tx, viewer, merged, "summary_lines_merged", before=[one.id for one in lines], after=[merged.id])
    return merged


def remove_line(viewer: Viewer, line_id: int) -> Line:
    """Take a line out; it can be put back. Repeating it changes nothing."""
    with transaction() as tx:
        line = _writable_line(viewer, line_id, is_removed=None)
        if line.retired_at is None:
            line.retired_at = now()
            _written(tx, viewer, line, "summary_line_removed", before="standing", after="removed")
    return line


def restore_line(viewer: Viewer, line_id: int) -> Line:
    """Put a removed line back. Raises Conflict where its words stand there again, or others were made of it."""
    with transaction() as tx:
        line = _writable_line(viewer, line_id, is_removed=None)
        if line.retired_at is not None:
            if any(source.from_line_id == line.id for other in line.summary.standing for source in other.sources):
                raise Conflict("Other statements were made of this one. Remove them first.")
            _refuse_twins(line.summary, [line.wording.text], kind=LineKind(line.kind), but=line.id)
            line.retired_at = None
            _written(tx, viewer, line, "summary_line_restored", before="removed", after="standing")
    return line


def move_line(viewer: Viewer, line_id: int, *, step: int) -> Line:
    """Move a line up (-1) or down (1) among those of its kind; at the end it stays."""
    with transaction() as tx:
        line = _writable_line(viewer, line_id)
        alike = [one for one in line.summary.standing if one.kind == line.kind]
        place = alike.index(line)
        other = alike[place + step] if 0 <= place + step < len(alike) else None
        if other is not None:
            alike[place], alike[place + step] = other, line
            _number(alike)
            _written(tx, viewer, line, "summary_line_moved", before={"place": place + 1},
                     after={"place": place + step + 1})
    return line


def add_line(summary: SessionSummary, *, kind: LineKind, words: Wording, author_id: int | None,
             sources: Sequence[LineSource] = (), at: int | None = None) -> Line:
    """A new line in a summary, at a position or at the end of its kind. Part of a transaction."""
    alike = [one for one in summary.lines if one.kind == kind]
    line = Line(kind=kind, position=max((one.position for one in alike), default=0) + 1, sources=list(sources),
                wordings=[LineWording(number=1, text=words.text, owner=words.owner, due_on=words.due_on,
                                      written_by_id=author_id)], reviews=[])
    if at is not None:
        for one in alike:
            if one.position >= at:
                one.position += 1
        line.position = at
    summary.lines.append(line)
    db.session.flush()
    db.session.refresh(summary, ["lines"])
    return line


def _number(lines: Sequence[Line]) -> None:
    """Give lines their order within the places that they take now."""
    for place, line in zip(sorted(one.position for one in lines), lines, strict=True):
        line.position = place


def _writable(viewer: Viewer, forum_session_id: int) -> SessionSummary:
    check("write", viewer, forum_session_id)
    summary = locked(viewer, forum_session_id)
    check_writable(summary.state)
    return summary


def _writable_line(viewer: Viewer, line_id: int, *, is_removed: bool | None = False) -> Line:
    check("write", viewer, queries.line(viewer.meeting_id, line_id).summary.forum_session_id)
    line = locked_line(viewer, line_id)
    check_writable(line.summary.state)
    if is_removed is False and line.retired_at is not None:
        raise Conflict("This line was removed, split or merged meanwhile. Reload the page.")
    return line


def _refuse_twins(summary: SessionSummary, texts: Sequence[str], *, kind: LineKind, but: int = 0) -> None:
    """Two lines of the same words would share their votes."""
    there = {one_line(one.wording.text) for one in summary.standing if one.kind == kind and one.id != but}
    for text in texts:
        if one_line(text) in there:
            raise Invalid({"text": "These very words stand in the summary already."})


def _written(tx: Transaction, viewer: Viewer, line: Line, verb: str, **detail: Any) -> None:
    summary = line.summary
    if summary.state == SummaryState.DRAFTED:
        summary.state = SummaryState.EDITED
    db.session.flush()
    changed(tx, summary, verb, actor_id=viewer.person_id, line_id=line.id, **detail)
