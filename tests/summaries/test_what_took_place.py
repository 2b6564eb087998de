"""Method and checklist say of a session what took place in it, and nothing of steps that nobody made."""

from collections.abc import Callable, Iterator

import pytest

from sigforum.agenda.models import ForumSession
from sigforum.extensions import db
from sigforum.summaries import assemble
from sigforum.summaries.blocks import Bullets, Paragraph
from sigforum.summaries.document.summary import Summary, SummaryDocument
from sigforum.summaries.method_outline import method
from sigforum.threads import actions as threads
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import make_poll, move, priorities, rating_answer, vote
from tests.casting import Cast
from tests.summaries.panel import make_panel


def say(cast: Cast, *, question: int = 0, text: str = "Release takes long.") -> int:
    asked = cast.forum_session().asked[question]
    return threads.post_response(cast.viewer("ben"), NewResponse(
        question_id=asked.id, parent_id=None, text=text, key=f"key-{question}")).id


def nothing(_cast: Cast) -> None:
    """Nobody does anything."""


def discussion(cast: Cast) -> None:
    say(cast)


def votes(cast: Cast, *, until: str = "reveal") -> None:
    poll = make_poll(cast, upto="open", secrecy="open")
    for place, name in enumerate(("ben", "cyn")):
        vote(cast, name, poll, rating_answer(poll, 7 + place, 8))
    for verb in ("close", "reveal")[:1 if until == "close" else 2]:
        move(cast, poll, verb)


def votes_never_revealed(cast: Cast) -> None:
    votes(cast, until="close")


def nobody_votes(cast: Cast) -> None:
    make_poll(cast, upto="close")


def priorities_without_points(cast: Cast) -> None:
    say(cast)
    vote(cast, "ben", priorities(cast), {})
    for verb in ("close", "reveal"):
        move(cast, priorities(cast), verb)


def texts(found: Summary) -> Iterator[str]:
    """Every sentence of the checklist and of the section on method."""
    yield from (item.text for item in found.checklist)
    for block in method(found) if isinstance(found, SummaryDocument) else ():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items


# Words that tell of a step, by the scenes in which it was made.
WROTE, VOTED, REVEALED = {"discussion", "priorities_without_points"}, {"votes", "votes_never_revealed"}, {"votes"}
STEPS = {
    "wrote responses": set(), "esponses were written": WROTE, "gathered views": WROTE,
    "the words of their authors": WROTE,
    "explained views": set(), "Responses carry": WROTE, "no response was changed": WROTE,
    "votes were cast": VOTED, "Votes were cast": VOTED, "the points ranked": set(), "laid points": set(),
    "points were laid": set(), "judgements on statements": VOTED, "how far the group agreed": set(),
    "before the first vote": VOTED, "counted the ballots": REVEALED, "can be recounted": REVEALED,
    "ran the session": WROTE | VOTED, "revealed polls": REVEALED, "revealed the polls": set(),
    "Shares are printed": REVEALED, "While people voted": VOTED, "replied to each other": set(),
    "Nothing that was frozen": VOTED | {"nobody_votes"},
    "opened and closed polls": {"votes_never_revealed", "nobody_votes"},
}
SCENES: dict[str, Callable[[Cast], None]] = {one.__name__: one for one in (
    nothing, discussion, votes, votes_never_revealed, nobody_votes, priorities_without_points)}


def quiet(cast: Cast) -> ForumSession:
    """1A as nobody has touched it."""
    db.session.rollback()
    return cast.forum_session()


@pytest.mark.parametrize("scene", SCENES)
def test_each_sentence_follows_from_what_took_place(cast: Cast, scene: str) -> None:
    SCENES[scene](cast)
    forum_session = quiet(cast)
    document = assemble.session_summary(forum_session)
    # Nothing happened in any other session of this meeting.
    for found in (document, assemble.gathered(forum_session.meeting, [document])):
        said = " ".join(texts(found))
        told = {words for words in STEPS if words in said}
        so = {words for words, scenes in STEPS.items() if scene in scenes}
        assert told - so == set(), f"{scene}: told though it was not so"
        if found is document:
            # A sentence begins with the one or the other.
            assert so - told <= {"Votes were cast", "votes were cast"}
        assert all(item.text for item in found.checklist)


def test_steps_say_how_many_questions_were_answered(cast: Cast) -> None:
    def steps() -> str:
        quiet(cast)
        return next(item.text for item in assemble.session_summary(cast.forum_session()).checklist
                    if item.number == "M9")
    asked = len(cast.forum_session().asked)
    assert asked > 1
    say(cast)
    assert steps() == f"Responses were written to 1 of {asked} questions."
    for place in range(1, asked):
        say(cast, question=place)
    assert steps() == "Responses were written to each question."


def test_each_step_is_a_clause_of_its_own(cast: Cast) -> None:
    make_panel(cast).rate()
    text = next(item.text for item in assemble.session_summary(quiet(cast)).checklist if item.number == "M9")
    assert text == ("Responses were written to 2 of 3 questions, replies were written to responses, points were laid "
                    "on responses to set priorities and votes were cast in 1 poll of one round.")


def test_edited_responses_are_no_unchanged_ones(cast: Cast) -> None:
    identifier = say(cast)

    def changes() -> str:
        return next(item.text for item in assemble.session_summary(quiet(cast)).checklist if item.number == "R5")
    assert changes() == "No question and no response was changed or removed."
    threads.edit_response(cast.viewer("ben"), identifier, text="Release takes too long.", revision=1)
    assert changes() == "1 response or reply edited by its author, given in the newest words."
