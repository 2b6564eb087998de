"""What took place in a forum session, so that no sentence tells of a step that nobody made."""

from sigforum.summaries.document.polls import PollSummary
from sigforum.summaries.document.said import QuestionSummary
from sigforum.summaries.document.summary import SummaryDocument

_BEFORE = ("planned", "open")


def answered_questions(document: SummaryDocument) -> tuple[QuestionSummary, ...]:
    """The questions with a response that stands."""
    return tuple(question for question in document.questions if question.responses)


def replies(document: SummaryDocument) -> int:
    """How many replies stand."""
    return sum(question.replies for question in document.questions)


def edited(document: SummaryDocument) -> int:
    """How many of the responses and replies that stand were edited by their authors."""
    standing = [said for question in document.questions for top in question.said for said in (top, *top.replies)]
    return sum(said.is_edited for said in standing if said.state == "standing")


def was_written_in(document: SummaryDocument) -> bool:
    """Whether a response or a reply stands."""
    return bool(answered_questions(document) or replies(document))


def voted_polls(document: SummaryDocument) -> tuple[PollSummary, ...]:
    """The polls with a round that somebody answered."""
    return tuple(poll for poll in document.polls if any(asked.answered for asked in poll.rounds))


def were_points_laid(document: SummaryDocument) -> bool:
    """Whether somebody laid a point, as far as it is known: of what is not revealed only that people answered."""
    found = document.priorities
    if found is None:
        return False
    return any(item.points for item in found.items) if found.is_revealed else found.turnout.answered > 0


def took_place(document: SummaryDocument) -> bool:
    """Whether there was a session at all: it was live, or somebody wrote or voted."""
    return (document.forum_session.state not in _BEFORE or was_written_in(document) or bool(voted_polls(document))
            or were_points_laid(document))
