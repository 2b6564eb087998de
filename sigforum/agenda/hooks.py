"""What the agenda asks the features above it, and what it tells them inside its own transactions."""

from collections.abc import Mapping

from sigforum.agenda.models import ForumSession, Meeting
from sigforum.kernel.hooks import Hook
from sigforum.people.domain import Viewer
from sigforum.transaction import Transaction

meeting_created: Hook[[Meeting], None] = Hook("A meeting is being made. Part of its transaction.")
agenda_imported: Hook[[Meeting], None] = Hook("An agenda is being imported. Part of its transaction.")
forum_session_moved: Hook[[Transaction, ForumSession], None] = Hook(
    "A forum session moves to another state. Part of its transaction.")
question_moved: Hook[[int, int], None] = Hook(
    "An import moves a question, given by its id, to the forum session of the second id. Part of the import.")
response_counts: Hook[[int], Mapping[int, int]] = Hook(
    "How many responses and replies each question of a meeting has, by question.")
published_summaries: Hook[[int], frozenset[int]] = Hook(
    "The forum sessions of a meeting whose summary was published.")
forum_facts: Hook[[Viewer], Mapping[int, Mapping[str, int]]] = Hook(
    "Numbers that the meeting's page shows, by forum session.")
