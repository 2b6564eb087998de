"""Many events that look the same are told once, so that what comes after them does not wait."""

from sigforum.extensions import db
from sigforum.live.queries import last_number
from sigforum.threads.events import ResponseChanged
from sigforum.transaction import transaction
from tests.live.stage import Stage, until


def test_same_event_two_hundred_times_is_one_message_with_the_newest_number(stage: Stage) -> None:
    first, second = (stage.visitor("ben").say(text, question=stage.question()) for text in ("One", "Two"))
    finn = stage.visitor("finn").listen()
    with transaction() as tx:
        for response in (first, *[second] * 200, first):
            tx.publish(ResponseChanged(
                meeting_id=stage.cast.meeting_id, forum_session_id=stage.cast.forum_session().id,
                response_id=response, person_id=stage.cast.ids["ben"]))
    newest = last_number(stage.cast.meeting_id)
    db.session.rollback()
    until(lambda: any(change["number"] == newest for change in list(finn.changes)), what="the last event")
    told = [(change["number"], fragment["id"]) for change in list(finn.changes) for fragment in change["fragments"]
            if fragment["id"].startswith("response-") and change["number"] > newest - 202]
    assert told == [(newest - 1, f"response-{second}"), (newest, f"response-{first}")]
