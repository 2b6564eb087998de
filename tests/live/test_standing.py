"""What open pages hear of a recusal and of a flag: the person concerned, the chair, and for the room numbers alone."""

from sigforum.ballots.recusing import recuse
from sigforum.extensions import db
from tests.ballots.polling import make_poll, move
from tests.live.stage import Socket, Stage, until


def heard(socket: Socket, identifier: str) -> list[str]:
    """What a socket was sent for one element."""
    return [fragment["html"] for fragment in socket.fragments() if fragment["id"] == identifier]


def test_recusal_is_told_to_the_person_and_as_a_number_to_the_room_at_the_close(stage: Stage) -> None:
    poll = make_poll(stage.cast, upto="open")
    poll_id, result, standing = poll.id, f"result-{poll.id}", f"standing-{poll.id}"
    ben, cyn, finn = (stage.visitor(name).listen() for name in ("ben", "cyn", "finn"))
    recuse(stage.cast.viewer("finn"), stage.cast.forum_session().id, person_id=stage.cast.ids["ben"],
           poll_id=poll_id, reason="A canary reason")
    db.session.rollback()
    until(lambda: heard(ben, standing), what="the line above ben's ballot")
    assert "You are recused from this poll" in heard(ben, standing)[-1]
    assert heard(cyn, result) == heard(finn, result) == []
    move(stage.cast, poll, "close")
    db.session.rollback()
    for socket in (ben, cyn, finn):
        until(lambda socket=socket: heard(socket, f"poll-{poll_id}"), what="the close")
        assert "canary reason" not in socket.text()
    # Of two entitled people one is left, and nobody else learns which.
    assert "0 of 1 voted" in heard(cyn, f"poll-{poll_id}")[-1]
    assert heard(cyn, standing) == heard(finn, standing) == []
    assert "Ben Participant" not in cyn.text()


def test_flag_hides_on_open_pages_and_waits_on_the_console(stage: Stage) -> None:
    response = stage.visitor("ben").say("Our canary price", question=stage.question())
    olu, finn = stage.visitor("olu").listen(), stage.visitor("finn").listen()
    answer = stage.visitor("cyn").post(f"responses/{response}/flag", reason="A canary reason")
    assert answer.json()["ok"]
    identifier, flags = f"response-{response}", f"flags-{stage.cast.forum_session().id}"
    until(lambda: heard(olu, identifier) and heard(finn, flags), what="the flag")
    assert "Hidden while the chair looks at it" in heard(olu, identifier)[-1]
    assert "canary" not in heard(olu, identifier)[-1]
    assert heard(olu, flags) == []
    assert "A canary reason" in heard(finn, flags)[-1]
    assert "Cyn Participant" not in heard(finn, flags)[-1]
