"""Verdicts without those who declared an interest, and the counts of interests, in the document and on the record."""

from dataclasses import replace

import pytest

from sigforum.ballots import queries
from sigforum.ballots.actions import move_poll
from sigforum.ballots.models import Poll, Round
from sigforum.ballots.recusing import recuse
from sigforum.ballots.undeclared import without_declared
from sigforum.disclosures.actions import declare_interests
from sigforum.disclosures.domain import Declared, Stance
from sigforum.extensions import db
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.document.polls import PollLine
from sigforum.summaries.outline import participation, polls
from tests.casting import Cast
from tests.summaries.panel import Panel, make_panel

SHARES = Declared(stance=Stance.INTERESTS, financial="Shares of a canary firm")
BOARD = Declared(stance=Stance.INTERESTS, advocacy="Board of a canary society")
NOTHING = Declared(stance=Stance.NOTHING)


@pytest.fixture
def panel(cast: Cast) -> Panel:
    return make_panel(cast)


def declare(panel: Panel, *names: str, what: Declared = SHARES) -> None:
    for name in names:
        declare_interests(panel.cast.viewer(name), {None: what})


def lines(panel: Panel) -> tuple[PollLine, ...]:
    db.session.rollback()
    return session_summary(panel.forum_session).polls[0].lines


def test_verdict_is_judged_again_without_declarers(panel: Panel) -> None:
    # Without p4, p5 and p6, who gave 7, and with ben's 9, four of five high ratings are left beside one 2.
    declare(panel, "p4", "p5", "p6")
    poll = panel.rate()
    first, second = without_declared(*newest(poll))
    whole = queries.result(*newest(poll)).lines
    assert (first.declared, first.others, first.verdict is not None) == (3, 5, True)
    assert first.verdict is not None
    assert first.verdict.figures != whole[0].verdict.figures
    # p4, p5 and p6 rated the second statement; p7 was outside its expertise, and is not one of the others.
    assert (second.declared, second.others) == (3, 4)


def newest(poll: Poll) -> tuple[Poll, Round]:
    db.session.rollback()
    found = db.session.get_one(Poll, poll.id, populate_existing=True)
    assert found.round is not None
    return found, found.round


def test_word_alone_is_told_and_no_figures(panel: Panel) -> None:
    declare(panel, "p4", "p5", "p6")
    panel.rate()
    for line in lines(panel):
        assert line.without_declared is not None
        assert line.without_declared.because == line.without_declared_text
        numbers = [word.strip(".,") for word in line.without_declared_text.split() if word.strip(".,").isdecimal()]
        assert len(numbers) == 2


@pytest.mark.parametrize("names", [(), ("p4", "p5"), ("p1", "p2", "p3", "p4", "p5", "p6", "cyn")])
def test_few_on_either_side_are_not_told_apart(panel: Panel, names: tuple[str, ...]) -> None:
    declare(panel, *names)
    panel.rate()
    for line in lines(panel):
        assert line.without_declared is None
        assert "Fewer than three" in line.without_declared_text


def test_late_declaration_moves_no_verdict(panel: Panel) -> None:
    declare(panel, "p4", "p5", "p6")
    panel.rate()
    before = lines(panel)
    declare(panel, "p1", "p7")
    declare(panel, "p4", what=NOTHING)
    assert lines(panel) == before


def test_round_that_is_not_revealed_tells_nothing(panel: Panel) -> None:
    declare(panel, "p4", "p5", "p6")
    poll = panel.rate(until="close")
    assert without_declared(*newest(poll)) == ()


def test_recused_declarer_is_not_left_out_twice(panel: Panel) -> None:
    declare(panel, "p4", "p5", "p6", "p7")
    poll = panel.rate(until="open")
    recuse(panel.cast.viewer("p7"), panel.forum_session.id, person_id=panel.cast.person("p7").id, poll_id=poll.id,
           reason="Shares")
    for verb in ("close", "reveal"):
        move_poll(panel.cast.viewer("finn"), poll.id, verb=verb)
    first, _ = without_declared(*newest(poll))
    assert (first.declared, first.others) == (3, 4)


def test_document_counts_interests_and_names_nobody(panel: Panel) -> None:
    declare(panel, "p1", "p2")
    declare(panel, "p3", what=replace(SHARES, advocacy="Board of a canary society"))
    declare(panel, "p4", what=NOTHING)
    declare(panel, "finn", what=BOARD)
    recuse(panel.cast.viewer("finn"), panel.forum_session.id, person_id=panel.cast.person("p5").id, poll_id=None,
           reason="His canary firm")
    document = session_summary(panel.forum_session)
    found = document.interests
    assert found is not None
    assert (found.people, found.declared, found.nothing, found.unanswered) == (10, 3, 1, 6), (
        "rex accepted and was removed since")
    assert (found.financial, found.advocacy, found.recused) == (3, 1, 1)
    assert "canary" not in str(document.to_json())
    item = next(one for one in document.checklist if one.number == "O2")
    assert item.text.startswith("3 of 10 people who could vote declared an interest")
    assert found.text in " ".join(getattr(block, "text", "") for block in participation(document))


def test_document_prints_the_sentence_on_every_line_with_a_verdict(panel: Panel) -> None:
    declare(panel, "p4", "p5", "p6")
    panel.rate()
    document = session_summary(panel.forum_session)
    printed = [getattr(block, "text", "") for block in polls(document)]
    for line in document.polls[0].lines:
        assert line.without_declared_text in printed


def test_record_page_tells_the_same_as_the_document(panel: Panel, sign_in) -> None:
    declare(panel, "p4", "p5", "p6")
    poll = panel.rate()
    for name in ("finn", "p1", "olu"):
        page = sign_in(panel.cast.person(name)).get(f"/meetings/{panel.cast.slug}/polls/{poll.id}")
        for line in lines(panel):
            assert line.without_declared_text in page.get_data(as_text=True)
        assert "canary firm" not in page.get_data(as_text=True)
