"""Sentences of a report that say what the numbers say, and nothing else."""

import re
from dataclasses import replace

import pytest
from lxml import etree

from sigforum.summaries import assemble, queries
from sigforum.summaries.accord import checklist
from sigforum.summaries.document.polls import MovementSummary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.domain import LineKind, Listing
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.lines_outline import review_text
from sigforum.summaries.registry import format_named
from sigforum.summaries.reviewing import approve_rest
from sigforum.summaries.sections import chapters
from sigforum.summaries.synthesis import meeting_priorities, theme_cells
from sigforum.summaries.wording import gist
from sigforum.threads.text import plain_text
from sigforum.web.rendering import first_words
from tests.summaries.panel import Panel, readable
from tests.summaries.test_life import move, now, put_name, write
from tests.summaries.test_synthesis import judged


def printed(document: SummaryDocument) -> str:
    return "\n".join(str(block) for chapter in chapters(document) for block in chapter.blocks)


@pytest.fixture
def published(panel: Panel) -> Panel:
    """A published summary that one of the authors agreed to be quoted in."""
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems. Near the patient only where that is proven.", kind=LineKind.ANSWER)
    move(panel, "ask_review")
    put_name(panel, "p1", may_be_quoted=True)
    put_name(panel, "p4", Listing.WITH_RESERVATIONS, reservations="Not for children.")
    for verb in ("close_review", "publish"):
        move(panel, verb)
    return panel


@pytest.mark.parametrize(("text", "expected"), [
    ("We need:\n\n- better data\n- more staff\n\nThen go on.", "We need: better data; more staff; Then go on."),
    ("| assay | cost |\n|---|---|\n| potency | high |", "assay, cost; potency, high"),
    ("- first\n- second\n  - inner\n- third", "first; second; inner; third"),
    ("Plain a, b; c.", "Plain a, b; c."), ("1. first\n2. second", "1. first; 2. second"),
    ("Yes to:\n\n7. costs\n8. places", "Yes to: 7. costs; 8. places"), ("3. costs\n7. places", "3. costs 7. places"),
    ("1. cells\n   - fresh\n2. ends", "1. cells; fresh; 2. ends"), ("- ends;\n- here;", "ends; here;")])
def test_beginning_of_a_response_keeps_items_apart(text: str, expected: str) -> None:
    assert gist(text) == first_words(text, 28) == plain_text(text) == expected


def test_beginning_that_is_cut_off_ends_in_an_ellipsis_alone() -> None:
    assert gist("This needs data. And more.", 3) == "This needs data…"
    assert gist("One, two: three", 2) == "One, two…"


def test_published_version_counts_whose_names_stand_under_what_was_said(published: Panel) -> None:
    text = printed(assemble.session_summary(published.forum_session))
    assert "A participant" in text
    assert "Responses carry the names of their authors." not in text
    assert "1 of 4 responses and replies carry the names of their authors" in text


def test_meeting_checklist_counts_no_pointer_as_an_answer(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    question = document.questions[0]
    many = [replace(document, forum_session=replace(document.forum_session, code=f"{place}A"), questions=(
        replace(question, text=f"What of the matter number {place}, {'which is long to ask ' * 8}?"),
        *document.questions[1:])) for place in range(1, 13)]
    items = {item.number: item for item in checklist(assemble.gathered(panel.forum_session.meeting, many))}
    assert "was Given" not in items["I2"].text
    assert not [item for item in items.values() if item.status == "record" and "in full" in item.text]
    for item in items.values():
        sentences = re.findall(r"[^.]{40,}\.", item.text)
        assert len(sentences) - len(set(sentences)) <= 1, item.text
    assert "its own chapter" not in " ".join(item.text for item in items.values())


def test_review_says_how_many_did_not_review(panel: Panel) -> None:
    panel.rate()
    begin_summary(panel.cast.viewer("finn"), panel.forum_session.id)
    write(panel, "In closed systems.", kind=LineKind.ANSWER)
    move(panel, "ask_review")
    summary = now(panel)
    stored = queries.summary_of(panel.forum_session.id)
    assert stored is not None
    approve_rest(panel.cast.viewer("p1"), panel.forum_session.id, revision=stored.revision)
    line = now(panel).lines[0]
    assert (line.approved, line.reviewers, len(summary.lines) > 1) == (1, 9, True)
    assert review_text(line) == "1 of 9 approves, 0 dissent, 8 did not review it."


def test_movement_names_whom_each_number_counts(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    moved = MovementSummary(to_round=2, text="Release", words="14 of 19 moved (9 up, 5 down)",
                            stability="14 of 16 (87.5 %) changed their rating; still moving.")
    poll = replace(document.polls[0], movements=(moved,))
    text = printed(replace(document, polls=(poll, *document.polls[1:])))
    assert "(14 of 16" not in text
    assert "of those who answered in both rounds 14 of 19 moved" in text
    assert "Of those who rated in both rounds 14 of 16 (87.5 %) changed their rating" in text


def test_themes_keep_for_and_against_apart(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    found = judged(document, "2A", ("Yes.", "consensus_for"), ("No.", "consensus_against"))
    meeting = assemble.gathered(panel.forum_session.meeting, [found])
    text = "\n".join(str(block) for chapter in chapters(meeting) for block in chapter.blocks)
    assert "1 for, 1 against" in text
    assert len(theme_cells([found])) == 1


def test_meeting_ranks_nothing_over_sessions(panel: Panel) -> None:
    document = assemble.session_summary(panel.forum_session)
    other = replace(document, forum_session=replace(document.forum_session, code="2A"))
    assert [(item.code, item.rank) for item in meeting_priorities([document, other])] == [
        (code, rank) for code in ("1A", "2A") for rank in (1, 2, 3)]


def test_article_holds_the_answer_and_those_who_agreed_to_be_listed(published: Panel) -> None:
    root = etree.fromstring(format_named("jats").write(assemble.session_summary(published.forum_session)))
    abstract = " ".join("".join(one.itertext()) for one in root.iterfind(".//abstract/p"))
    assert "In closed systems." in abstract
    assert "rated it" not in abstract, "verdicts with their reasons stand in the body"
    assert root.findtext(".//article-title") == "Making cells"
    assert [one.get("kwd-group-type") for one in root.iter("kwd-group")] != ["author"]
    assert [one.text for one in root.iterfind(".//contrib/string-name")] == ["Jorun Ekkert", "Quill Zebranek"]


def test_slide_of_consensus_against_gives_the_share_against(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    poll = document.polls[0]
    line = replace(poll.lines[1], verdict=replace(poll.lines[0].verdict, word="consensus_against",
                                                  label="consensus against", because="Because.", fragility=""))
    planted = replace(document, polls=(replace(poll, lines=(line,)),))
    text = readable(format_named("pptx").write(planted), "pptx")
    assert "In the lower third: 3 of 7" in text


def test_checklist_is_written_as_a_person_writes(panel: Panel) -> None:
    panel.rate()
    document = assemble.session_summary(panel.forum_session)
    asked = replace(document, forum_session=replace(document.forum_session, title="What comes first?"))
    items = {item.number: item.text for item in checklist(asked)}
    assert "?:" not in items["T1"]
    for text in items.values():
        assert not re.search(r"\b0 (?:questions?|taken|hidden|were|was)\b|\b1 response withdrawn by their", text), text
