"""The life of a summary: drafted, written, reviewed, signed, published and corrected."""

import json
import threading

import pytest
from flask import current_app
from sqlalchemy import select

from sigforum.agenda.actions import move_forum_session
from sigforum.audit.models import AuditEntry
from sigforum.ballots.actions import move_poll
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from sigforum.summaries import queries, writing
from sigforum.summaries.actions import move_summary
from sigforum.summaries.assemble import read_version, session_sheets, session_summary, working_summary
from sigforum.summaries.differences import differences
from sigforum.summaries.document.lines import SummaryLine
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.domain import LineKind, Listing, Stance, Wording
from sigforum.summaries.drafting import begin_summary, draft_again, draft_closed_sessions
from sigforum.summaries.forms import NewReview, NewSignOff
from sigforum.summaries.models import MinorityPosition
from sigforum.summaries.poll_results import tally_sheets
from sigforum.summaries.reviewing import (
    approve_rest,
    hold_position,
    leave_position,
    review_line,
    reword_position,
    sign,
    write_position,
)
from sigforum.transaction import transaction
from tests.summaries.panel import STATEMENTS, Panel


def now(panel: Panel, *, is_chair: bool = True) -> SummaryDocument:
    """The working document, read afresh."""
    db.session.rollback()
    return working_summary(panel.forum_session, is_chair=is_chair)


def statements(panel: Panel) -> list[SummaryLine]:
    return list(now(panel).lines_of("statement"))


def write(panel: Panel, text: str, *, kind: LineKind = LineKind.STATEMENT, owner: str = "") -> SummaryLine:
    line = writing.write_line(panel.cast.viewer("finn"), panel.forum_session.id, kind=kind,
                              words=Wording(text=text, owner=owner))
    return next(one for one in now(panel).lines if one.key == f"l{line.id}")


def reword(panel: Panel, line: SummaryLine, text: str) -> SummaryLine:
    writing.reword_line(panel.cast.viewer("finn"), int(line.key[1:]), words=Wording(text=text), wording=line.wording)
    return next(one for one in now(panel).lines if one.key == line.key)


def move(panel: Panel, verb: str, *, name: str = "finn", reason: str = "") -> None:
    move_summary(panel.cast.viewer(name), panel.forum_session.id, verb=verb, reason=reason)


def review(panel: Panel, name: str, line: SummaryLine, stance: Stance, text: str = "") -> None:
    review_line(panel.cast.viewer(name), int(line.key[1:]),
                NewReview(wording=line.wording, stance=stance, text=text))


def put_name(panel: Panel, name: str, listing: Listing = Listing.LISTED, *, reservations: str = "",
             may_be_quoted: bool = False) -> None:
    summary = queries.summary_of(panel.forum_session.id)
    assert summary is not None
    sign(panel.cast.viewer(name), panel.forum_session.id, NewSignOff(
        revision=summary.revision, listing=listing, reservations=reservations, may_be_quoted=may_be_quoted))


@pytest.fixture
def drafted(panel: Panel) -> Panel:
    """A session with a judged poll whose summary is drafted."""
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    return panel


@pytest.fixture
def reviewed(drafted: Panel) -> Panel:
    """A summary with an answer, in review."""
    write(drafted, "In closed systems. Near the patient only where that is proven.", kind=LineKind.ANSWER)
    move(drafted, "ask_review")
    return drafted


def test_draft_holds_judged_statements_in_the_words_voted_on(drafted: Panel) -> None:
    found = statements(drafted)
    assert [line.text for line in found] == list(STATEMENTS)
    polls = {line.key: line for poll in now(drafted).polls for line in poll.lines}
    for line in found:
        assert line.vote is not None
        judged = polls[line.vote.line].verdict
        assert judged is not None
        assert (line.vote.verdict, line.vote.words) == (judged.word, judged.because)
        assert line.lineage == ("From the poll “Where to go”.",)
    assert len({line.vote.verdict for line in found if line.vote}) > 1, "the verdicts differ, so the test can fail"
    assert now(drafted).lines_of("answer") == (), "no sentence is invented"


def test_draft_holds_nothing_that_is_not_revealed(panel: Panel) -> None:
    panel.rate(until="close")
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    assert now(panel).lines == ()


def test_closing_a_session_has_it_drafted(panel: Panel) -> None:
    panel.rate()
    for verb in ("go_live", "close"):
        move_forum_session(panel.cast.viewer("finn"), panel.forum_session.id, verb=verb)
    draft_closed_sessions()
    draft_closed_sessions()
    assert [line.text for line in statements(panel)] == list(STATEMENTS)
    assert queries.summary_of(panel.cast.forum_session("1B").id) is None, "1B is not closed"


def test_draft_grows_with_what_is_revealed_until_somebody_writes(panel: Panel) -> None:
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    panel.rate()
    draft_again(panel.forum_session.id)
    first = statements(panel)
    assert len(first) == len(STATEMENTS)
    writing.remove_line(panel.cast.viewer("finn"), int(first[0].key[1:]))
    draft_again(panel.forum_session.id)
    assert [line.text for line in statements(panel)] == [STATEMENTS[1]], "what was removed stays away"


def test_vote_stays_with_the_words_that_were_voted_on(drafted: Panel) -> None:
    line = statements(drafted)[0]
    changed = reword(drafted, line, "Release by potency should be the default.")
    assert (changed.vote, changed.needs_vote) == (None, True)
    assert [(vote.wording, vote.is_current) for vote in changed.votes] == [(1, False)]
    assert changed.earlier_wordings == (line.text,)
    back = reword(drafted, changed, line.text)
    assert back.vote is not None
    assert (back.wording, back.needs_vote, back.vote.words) == (3, False, line.vote.words if line.vote else "")


def test_rewording_what_somebody_else_changed_is_refused(drafted: Panel) -> None:
    line = statements(drafted)[0]
    reword(drafted, line, "First words.")
    with pytest.raises(Conflict):
        reword(drafted, line, "Words of a stale window.")
    assert statements(drafted)[0].text == "First words."


def test_same_words_do_not_stand_twice(drafted: Panel) -> None:
    with pytest.raises(Invalid):
        write(drafted, f"  {STATEMENTS[0]} ".replace(" ", "  ").strip())
    assert len(statements(drafted)) == len(STATEMENTS)


def test_splitting_and_merging_keep_the_lineage(drafted: Panel) -> None:
    first, second = statements(drafted)
    finn = drafted.cast.viewer("finn")
    writing.split_line(finn, int(first.key[1:]), parts=["One half.", "Other half."], wording=1)
    found = statements(drafted)
    assert [(line.number, line.text) for line in found] == [
        (1, "One half."), (2, "Other half."), (3, second.text)]
    assert found[0].lineage == (f"Made from the statement “{first.text}”",)
    merged = writing.merge_lines(finn, {int(found[1].key[1:]): 1, int(second.key[1:]): 1}, words=Wording(text="Both."))
    assert [line.text for line in statements(drafted)] == ["One half.", "Both."]
    last = next(line for line in statements(drafted) if line.key == f"l{merged.id}")
    assert last.lineage == ("Made from the statement “Other half.”", f"Made from the statement “{second.text}”")
    assert last.vote is None
    with pytest.raises(Conflict, match="made of this one"):
        writing.restore_line(finn, int(second.key[1:]))


def test_response_is_lifted_once_and_knows_where_it_came_from(drafted: Panel) -> None:
    response = drafted.say("p1", "**Closed** systems cost less.")
    line = writing.lift_response(drafted.cast.viewer("finn"), response.id)
    assert writing.lift_response(drafted.cast.viewer("finn"), response.id).id == line.id
    found = next(one for one in statements(drafted) if one.key == f"l{line.id}")
    assert found.text == "Closed systems cost less."
    assert found.lineage == (f"Lifted from a response to “{response.question.text}”.",)


def test_lines_move_and_come_back(drafted: Panel) -> None:
    finn, (first, second) = drafted.cast.viewer("finn"), statements(drafted)
    writing.move_line(finn, int(second.key[1:]), step=-1)
    writing.move_line(finn, int(second.key[1:]), step=-1)
    assert [line.key for line in statements(drafted)] == [second.key, first.key]
    writing.remove_line(finn, int(second.key[1:]))
    writing.restore_line(finn, int(second.key[1:]))
    assert [line.key for line in statements(drafted)] == [second.key, first.key]


def test_review_needs_an_answer(drafted: Panel) -> None:
    with pytest.raises(Invalid, match="answer"):
        move(drafted, "ask_review")


def test_participants_read_lines_from_the_review_on(drafted: Panel) -> None:
    assert now(drafted, is_chair=False).lines == ()
    write(drafted, "An answer of the facilitator's.", kind=LineKind.ANSWER)
    assert now(drafted, is_chair=False).lines == ()
    move(drafted, "ask_review")
    assert len(now(drafted, is_chair=False).lines) == 3
    move(drafted, "edit_again")
    assert now(drafted, is_chair=False).lines == ()


def test_words_are_fixed_while_in_review(reviewed: Panel) -> None:
    with pytest.raises(Conflict, match="Take it back"):
        reword(reviewed, statements(reviewed)[0], "Other words.")


def test_reviews_count_once_and_only_for_the_words_that_were_read(reviewed: Panel) -> None:
    line = statements(reviewed)[0]
    for name in ("p1", "p2", "p1"):
        review(reviewed, name, line, Stance.APPROVE)
    review(reviewed, "p3", line, Stance.COMMENT, "Say which assay.")
    found = statements(reviewed)[0]
    assert (found.approved, found.commented, found.dissented, found.reviewers) == (2, 1, 0, 9)
    assert [comment.text for comment in found.comments] == ["Say which assay."]
    move(reviewed, "edit_again")
    changed = reword(reviewed, found, "Other words altogether.")
    assert (changed.approved, changed.commented) == (0, 0)
    move(reviewed, "ask_review")
    with pytest.raises(Conflict, match="reads differently"):
        review(reviewed, "p1", found, Stance.APPROVE)


def position_mark(number: int) -> str:
    """The mark of a position's words as they are now."""
    db.session.rollback()
    return db.session.get_one(MinorityPosition, number, populate_existing=True).mark


def hold(panel: Panel, name: str, number: int) -> None:
    hold_position(panel.cast.viewer(name), number, read=position_mark(number))


def test_dissent_becomes_a_minority_position_in_its_own_words(reviewed: Panel) -> None:
    line = statements(reviewed)[0]
    review(reviewed, "p4", line, Stance.DISSENT, "A matrix hides the *weak* assay.")
    position = statements(reviewed)[0].minority[0]
    assert (position.text, position.holders, position.bylines) == (
        "A matrix hides the *weak* assay.", 1, ("Jorun Ekkert, Saint Odile Hospital",))
    number = int(position.key[1:])
    hold(reviewed, "p5", number)
    hold(reviewed, "p5", number)
    assert statements(reviewed)[0].minority[0].holders == 2
    with pytest.raises(Conflict, match="Others hold"):
        reword_position(reviewed.cast.viewer("p4"), number, text="Other words.")
    with pytest.raises(NotAllowed):
        reword_position(reviewed.cast.viewer("p5"), number, text="Other words.")
    review(reviewed, "p4", line, Stance.APPROVE)
    left = statements(reviewed)[0]
    assert (left.approved, left.dissented, left.minority[0].bylines) == (1, 0, ("Wim Ostrander, Kestrel Clinic",))
    leave_position(reviewed.cast.viewer("p5"), number)
    assert statements(reviewed)[0].minority == ()
    with pytest.raises(NotFound):
        hold(reviewed, "p5", number)


def held_words(panel: Panel, line: SummaryLine) -> dict[str, list[str]]:
    """The positions on a line that stand, and who holds each."""
    found = next(one for one in statements(panel) if one.key == line.key)
    return {one.text: sorted(byline.partition(",")[0] for byline in one.bylines) for one in found.minority}


def test_nobody_holds_words_that_they_have_not_read(reviewed: Panel) -> None:
    line = statements(reviewed)[0]
    review(reviewed, "p4", line, Stance.DISSENT, "The first words.")
    number = int(statements(reviewed)[0].minority[0].key[1:])
    stale = position_mark(number)
    reword_position(reviewed.cast.viewer("p4"), number, text="Other words.")
    with pytest.raises(Conflict, match="reads differently"):
        hold_position(reviewed.cast.viewer("p5"), number, read=stale)
    with pytest.raises(Conflict, match="reads differently"):
        hold_position(reviewed.cast.viewer("p5"), number, read="")
    hold(reviewed, "p5", number)
    # Its author goes on dissenting in new words, twice; the one who stayed holds what was read.
    for words in ("The second words.", "The third words."):
        review(reviewed, "p4", line, Stance.DISSENT, words)
    assert held_words(reviewed, line) == {"Other words.": ["Wim Ostrander"], "The third words.": ["Jorun Ekkert"]}
    with pytest.raises(Conflict, match="You have left"):
        reword_position(reviewed.cast.viewer("p4"), number, text="Again other words.")
    review(reviewed, "p4", line, Stance.APPROVE)
    assert held_words(reviewed, line) == {"Other words.": ["Wim Ostrander"]}


def test_position_is_held_against_the_words_of_the_line_that_were_read(reviewed: Panel) -> None:
    line = statements(reviewed)[0]
    review(reviewed, "p4", line, Stance.DISSENT, "Not so.")
    number = int(statements(reviewed)[0].minority[0].key[1:])
    hold(reviewed, "p5", number)
    move(reviewed, "edit_again")
    changed = reword(reviewed, line, "Other words of the line.")
    move(reviewed, "ask_review")
    review(reviewed, "p4", changed, Stance.DISSENT, "Not so.")
    positions = db.session.scalars(select(MinorityPosition).order_by(MinorityPosition.id)).all()
    assert [(one.wording, len(one.holders)) for one in positions] == [(line.wording, 1), (changed.wording, 1)]


def test_only_the_panel_reviews_and_only_chairs_write(reviewed: Panel) -> None:
    line = statements(reviewed)[0]
    for name in ("ada", "finn", "gus", "olu"):
        with pytest.raises(NotAllowed):
            review(reviewed, name, line, Stance.APPROVE)
        with pytest.raises(NotAllowed):
            write_position(reviewed.cast.viewer(name), reviewed.forum_session.id, text="Against.")
    for name in ("gus", "olu", "p1"):
        with pytest.raises(NotAllowed):
            move(reviewed, "close_review", name=name)
    assert statements(reviewed)[0].approved == 0


def test_signature_is_for_the_text_that_was_read(reviewed: Panel) -> None:
    summary = queries.summary_of(reviewed.forum_session.id)
    assert summary is not None
    stale = NewSignOff(revision=summary.revision - 1, listing=Listing.LISTED, reservations="", may_be_quoted=True)
    with pytest.raises(Conflict, match="changed since"):
        sign(reviewed.cast.viewer("p1"), reviewed.forum_session.id, stale)
    assert now(reviewed).sign_offs.listed == ()  # type: ignore[union-attr]


def test_listing_and_quoting_are_asked_apart(reviewed: Panel) -> None:
    reviewed.say("p1", "Zebranek’s words")
    reviewed.say("p2", "Maskwell’s words")
    put_name(reviewed, "p1", Listing.NOT_LISTED, may_be_quoted=True)
    put_name(reviewed, "p2", Listing.WITH_RESERVATIONS, reservations="The sample is small.")
    put_name(reviewed, "p3")
    for verb in ("close_review", "publish"):
        move(reviewed, verb)
    document = session_summary(reviewed.forum_session)
    signed = document.sign_offs
    assert signed is not None
    assert signed.listed == ("Oriel Maskwell", "Tamsin Yrjola")
    assert [(one.text, one.byline) for one in signed.reservations] == [("The sample is small.", "A participant")]
    said = {one.text: (one.name, one.affiliation) for question in document.questions for one in question.said}
    assert said["Zebranek’s words"] == ("Quill Zebranek", "Vantorix Labs")
    assert said["Maskwell’s words"] == ("", "")


def test_chatham_sessions_tie_no_word_to_a_name(reviewed: Panel) -> None:
    with transaction():
        reviewed.forum_session.attribution = "chatham"
    line = statements(reviewed)[0]
    review(reviewed, "p1", line, Stance.DISSENT, "Not without a reference standard.")
    review(reviewed, "p2", line, Stance.COMMENT, "Which standard?")
    put_name(reviewed, "p2", Listing.WITH_RESERVATIONS, reservations="The scope is narrow.", may_be_quoted=True)
    put_name(reviewed, "p1", Listing.NOT_LISTED, may_be_quoted=True)
    document = now(reviewed, is_chair=False)
    assert document.lines_of("statement")[0].minority[0].bylines == ("A participant",)
    text = json.dumps(document.to_json(), ensure_ascii=False)
    assert [name for name in ("Zebranek", "Vantorix", "Hemlock", "Oriel Maskwell") if name in text] == []
    assert document.sign_offs is not None
    assert (document.sign_offs.listed, document.sign_offs.reservations) == ((), ()), "nothing while people sign"
    for name in ("p3", "p4"):
        put_name(reviewed, name)
    for verb in ("close_review", "publish", "publish"):
        move(reviewed, verb)
    published = read_version(queries.version(reviewed.forum_session.id, 1)).sign_offs
    assert published is not None
    assert len(published.listed) == 3
    assert "Oriel Maskwell" in published.listed, "who agreed to be listed is listed"
    assert [(one.text, one.byline) for one in published.reservations] == [("The scope is narrow.", "")]


def test_published_version_stays_as_it_was(reviewed: Panel) -> None:
    approve_rest(reviewed.cast.viewer("p1"), reviewed.forum_session.id,
                 revision=queries.summary_of(reviewed.forum_session.id).revision)  # type: ignore[union-attr]
    for verb in ("close_review", "publish", "publish"):
        move(reviewed, verb)
    first = queries.version(reviewed.forum_session.id, 1)
    before, digest = first.document, first.sha256
    assert reviewed.forum_session.state == "open", "a session that is not closed goes on"
    reviewed.say("p1", "Said after the publication")
    assert "Said after" not in json.dumps(session_summary(reviewed.forum_session).to_json())
    with pytest.raises(Conflict):
        move(reviewed, "edit_again")
    move(reviewed, "correct", reason="The second statement named the wrong site.")
    reword(reviewed, statements(reviewed)[1], "Making in hospitals should be usual.")
    assert session_summary(reviewed.forum_session).edition.version == 1  # type: ignore[union-attr]
    for verb in ("ask_review", "close_review", "publish"):
        move(reviewed, verb)
    db.session.expire_all()
    assert (queries.version(reviewed.forum_session.id, 1).document,
            queries.version(reviewed.forum_session.id, 1).sha256) == (before, digest)
    old, new = (read_version(queries.version(reviewed.forum_session.id, number)) for number in (1, 2))
    assert new.edition is not None
    assert (new.edition.version, new.edition.erratum) == (2, "The second statement named the wrong site.")
    changes = [text for one in differences(old, new) for text in one.added]
    assert "2. Making in hospitals should be usual." in changes
    assert differences(old, old) == []
    with pytest.raises(NotFound):
        queries.version(reviewed.forum_session.id, 3)


def test_published_document_reads_back_field_by_field(reviewed: Panel) -> None:
    review(reviewed, "p4", statements(reviewed)[0], Stance.DISSENT, "Against.")
    put_name(reviewed, "p1", may_be_quoted=True)
    for verb in ("close_review", "publish"):
        move(reviewed, verb)
    stored = queries.version(reviewed.forum_session.id, 1)
    document = read_version(stored)
    assert document.inputs_sha256 == document.provenance.inputs_sha256 == stored.sha256
    assert json.loads(stored.document) == document.to_json()


def test_published_version_keeps_the_sheets_it_rests_on(reviewed: Panel) -> None:
    for verb in ("close_review", "publish"):
        move(reviewed, verb)
    before = session_sheets(reviewed.forum_session)
    assert len(before) == 2, "the rated poll's, and that of the priorities"
    move(reviewed, "correct", reason="Points were missing")
    move_poll(reviewed.cast.viewer("finn"), reviewed.priorities().id, verb="open")
    reviewed.lay("p4", {f"r{reviewed.say('p4', 'Said later').id}": 2})
    db.session.rollback()
    assert session_sheets(reviewed.forum_session) == before
    assert tally_sheets(reviewed.forum_session.id) != before, "the votes went on"


def test_publishing_marks_a_closed_session(reviewed: Panel) -> None:
    for verb in ("go_live", "close"):
        move_forum_session(reviewed.cast.viewer("finn"), reviewed.forum_session.id, verb=verb)
    for verb in ("close_review", "publish"):
        move(reviewed, verb)
    assert reviewed.forum_session.state == "summarised"


def test_every_move_is_on_the_record(reviewed: Panel) -> None:
    for verb in ("close_review", "publish"):
        move(reviewed, verb)
    verbs = set(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.startswith("summary_"))))
    assert {"summary_drafted", "summary_line_written", "summary_ask_review", "summary_close_review",
            "summary_publish"} <= verbs


@pytest.mark.both_databases
def test_reviews_at_the_same_moment_are_all_kept(reviewed: Panel) -> None:
    line, names = statements(reviewed)[0], ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "ben"]
    viewers = {name: reviewed.cast.viewer(name) for name in names}
    app, failed = current_app._get_current_object(), list[Exception]()  # type: ignore[attr-defined]
    start = threading.Barrier(len(names))

    def work(name: str) -> None:
        with app.app_context():
            start.wait()
            try:
                review_line(viewers[name], int(line.key[1:]), NewReview(
                    wording=line.wording, stance=Stance.DISSENT if name > "p4" else Stance.APPROVE,
                    text=f"Words of {name}" if name > "p4" else ""))
            except Exception as problem:
                failed.append(problem)
            finally:
                db.session.remove()
    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    found = statements(reviewed)[0]
    assert (found.approved, found.dissented, len(found.minority)) == (5, 3, 3)
