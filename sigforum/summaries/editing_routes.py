"""The facilitator's desk of a summary: writing lines, lifting responses and results, splitting and merging."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sigforum.agenda import queries as agenda
from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.live import queries as live
from sigforum.people.domain import Audience, Viewer
from sigforum.people.guards import member
from sigforum.summaries import queries, showing, writing
from sigforum.summaries.assemble import working_summary
from sigforum.summaries.digest import digest
from sigforum.summaries.domain import LineKind
from sigforum.summaries.edge import done, form_again, form_page
from sigforum.summaries.forms import parse_kind, parse_number, parse_parts, parse_wording
from sigforum.summaries.models import Line
from sigforum.summaries.policy import check
from sigforum.web.pages import Pages

pages = Pages()

DESK = ".edit_summary"


@pages.get("/sessions/<code>/summary/edit")
@member
def edit_summary(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """All lines with their tools, and what can be lifted."""
    number = live.last_number(viewer.meeting_id)
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("write", viewer, forum_session.id)
    found = showing.desk(forum_session)
    if found is None:
        raise NotFound("This session's summary is drafted when the session closes. You can begin it on its page.")
    return render_template(
        "summaries/edit.html", forum_session=forum_session, slug=meeting.slug, desk=found, number=number,
        digest=digest(working_summary(forum_session, is_chair=True)),
        editor=showing.editor_html(found),
        state=showing.state_html(forum_session, found.summary, audience=Audience.CHAIR))


@pages.route("/sessions/<code>/summary/lines/new", methods=["GET", "POST"])
@member
def write_line(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Write a new line."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("write", viewer, forum_session.id)
    kind = parse_kind(request.values.get("kind", LineKind.STATEMENT))
    page = {"kind": kind, "line": None, "heading": showing.HEADINGS[kind]}
    if request.method != "POST":
        return form_page("summaries/line_form.html", forum_session, typed={}, errors={}, **page)
    try:
        line = writing.write_line(viewer, forum_session.id, kind=kind, words=parse_wording(request.form, kind),
                                  wording=parse_number(request.form.get("wording", "0"), name="wording"))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/line_form.html", refusal, forum_session, **page)
    return done(viewer, forum_session, "Written.", page=DESK, anchor=f"line-{line.id}")


@pages.route("/lines/<int(max=999999999):line_id>/edit", methods=["GET", "POST"])
@member
def edit_line(viewer: Viewer, meeting: Any, line_id: int) -> ResponseReturnValue:
    """Change a line's words; earlier ones are kept."""
    line = _line(viewer, line_id)
    forum_session, kind = line.summary.forum_session, LineKind(line.kind)
    page = {"kind": kind, "line": line, "heading": "Change the words"}
    if request.method != "POST":
        typed = {"text": line.wording.text, "owner": line.wording.owner,
                 "due_on": line.wording.due_on.isoformat() if line.wording.due_on else ""}
        return form_page("summaries/line_form.html", forum_session, typed=typed, errors={}, **page)
    try:
        writing.reword_line(viewer, line_id, words=parse_wording(request.form, kind),
                            wording=parse_number(request.form.get("wording", ""), name="wording"))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/line_form.html", refusal, forum_session, **page)
    return done(viewer, forum_session, "Changed. Earlier words are kept.", page=DESK, anchor=f"line-{line_id}")


@pages.route("/lines/<int(max=999999999):line_id>/split", methods=["GET", "POST"])
@member
def split_line(viewer: Viewer, meeting: Any, line_id: int) -> ResponseReturnValue:
    """Make several statements of one."""
    line = _line(viewer, line_id)
    forum_session = line.summary.forum_session
    if request.method != "POST":
        return form_page("summaries/split.html", forum_session, line=line, typed={"text": line.wording.text}, errors={})
    try:
        writing.split_line(viewer, line_id, parts=parse_parts(request.form),
                           wording=parse_number(request.form.get("wording", ""), name="wording"))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/split.html", refusal, forum_session, line=line)
    return done(viewer, forum_session, "Split. The statement stays as the origin of the new ones.", page=DESK)


@pages.route("/sessions/<code>/summary/merge", methods=["GET", "POST"])
@member
def merge_lines(viewer: Viewer, meeting: Any, code: str) -> ResponseReturnValue:
    """Make one statement of those that were chosen."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    check("write", viewer, forum_session.id)
    chosen = [parse_number(raw, name="lines") for raw in request.values.getlist("line")[:100]]
    lines = [queries.line(viewer.meeting_id, line_id) for line_id in chosen]
    if request.method != "POST":
        text = "\n".join(line.wording.text for line in lines)
        errors = {} if len(lines) > 1 else {"text": "Choose two statements at least, then merge them."}
        return form_page("summaries/merge.html", forum_session, lines=lines, typed={"text": text}, errors=errors)
    read = request.form.getlist("wording")
    try:
        if len(read) != len(chosen):
            raise Conflict("Read the statements before you merge them.")
        wordings = {line_id: parse_number(raw, name="lines") for line_id, raw in zip(chosen, read, strict=True)}
        writing.merge_lines(viewer, wordings, words=parse_wording(request.form, LineKind.STATEMENT))
    except (Invalid, Conflict) as refusal:
        return form_again("summaries/merge.html", refusal, forum_session, lines=lines)
    return done(viewer, forum_session, "Merged. The statements stay as its origins.", page=DESK)


@pages.post("/responses/<int(max=999999999):response_id>/lift")
@member
def lift_response(viewer: Viewer, meeting: Any, response_id: int) -> ResponseReturnValue:
    """Make a statement of a response."""
    line = writing.lift_response(viewer, response_id)
    return done(viewer, line.summary.forum_session, "Lifted into a statement.", page=DESK, anchor=f"line-{line.id}")


@pages.post("/sessions/<code>/summary/lift/<int(max=999999999):poll_id>/<option>")
@member
def lift_option(viewer: Viewer, meeting: Any, code: str, poll_id: int, option: str) -> ResponseReturnValue:
    """Make a statement of a poll's, in the words that were voted on."""
    forum_session = agenda.forum_session(viewer.meeting_id, code)
    line = writing.lift_option(viewer, forum_session.id, poll_id=poll_id, option_key=option)
    return done(viewer, forum_session, "Taken into the summary.", page=DESK, anchor=f"line-{line.id}")


MOVES: dict[str, tuple[Callable[[Viewer, int], Line], str]] = {
    "up": (lambda viewer, line_id: writing.move_line(viewer, line_id, step=-1), "Moved up."),
    "down": (lambda viewer, line_id: writing.move_line(viewer, line_id, step=1), "Moved down."),
    "remove": (writing.remove_line, "Removed. You can put it back below."),
    "restore": (writing.restore_line, "Put back."),
}


@pages.post("/lines/<int(max=999999999):line_id>/<any(up, down, remove, restore):verb>")
@member
def move_line(viewer: Viewer, meeting: Any, line_id: int, verb: str) -> ResponseReturnValue:
    """Move a line, take it out, put it back."""
    move, words = MOVES[verb]
    line = move(viewer, line_id)
    return done(viewer, line.summary.forum_session, words, page=DESK, anchor=f"line-{line_id}")


def _line(viewer: Viewer, line_id: int) -> Line:
    line = queries.line(viewer.meeting_id, line_id)
    check("write", viewer, line.summary.forum_session_id)
    return line
