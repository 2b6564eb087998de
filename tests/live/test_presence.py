"""Who is here and who writes: counts for everybody, names for the chair, and never who writes."""

import re
from typing import Any

from sigforum.live.attendance import Attendance, later_version
from sigforum.live.presence import PEOPLE_A_SECOND, SECONDS, WRITING_SECONDS, Presence, Writers
from tests.live.stage import Socket, Stage, until


def newest(socket: Socket, fragment_id: str) -> str:
    """The newest text of a fragment, its tags taken off."""
    found = [one["html"] for one in socket.fragments() if one["id"] == fragment_id]
    return " ".join(re.sub(r"<[^>]+>", " ", found[-1]).split()) if found else ""


def test_two_windows_of_one_person_are_one_presence() -> None:
    attendance = Attendance()
    attendance.came("forum-1", 7)
    first = attendance.version("forum-1")
    attendance.came("forum-1", 7)
    assert (attendance.count("forum-1"), attendance.version("forum-1")) == (1, first)
    attendance.went("forum-1", 7)
    assert (attendance.count("forum-1"), attendance.version("forum-1")) == (1, first)
    attendance.came("forum-1", 8)
    assert attendance.version("forum-1") > first
    attendance.went("forum-1", 7)
    attendance.went("forum-1", 8)
    assert (attendance.count("forum-1"), attendance.version("forum-1"), attendance.pages) == (0, 0, {})


def test_versions_grow_over_a_restart() -> None:
    before = later_version(0)
    assert later_version(before) > before
    assert later_version(0) >= before


def test_pushes_come_less_often_in_a_large_room(app: Any) -> None:
    attendance = app.extensions["gateway"].attendance
    with app.app_context():
        for person in range(3 * PEOPLE_A_SECOND):
            attendance.came("forum-9", person)
        assert Presence().seconds(("forum-9", 9)) == 3.0
        assert Presence().seconds(("forum-8", 8)) == SECONDS
        for person in range(3 * PEOPLE_A_SECOND):
            attendance.went("forum-9", person)


def test_who_falls_silent_is_not_writing_any_more(monkeypatch: Any) -> None:
    moment = [100.0]
    monkeypatch.setattr("sigforum.live.presence.time.monotonic", lambda: moment[0])
    writers = Writers()
    writers.wrote("forum-1", 5, 7)
    writers.wrote("forum-1", 5, 8)
    version = writers.now_writing("forum-1")[5].version
    moment[0] += WRITING_SECONDS / 2
    writers.wrote("forum-1", 5, 8)
    assert writers.now_writing("forum-1")[5].version == version
    moment[0] += WRITING_SECONDS / 2 + 1
    assert set(writers.now_writing("forum-1")[5].until) == {8}
    assert writers.now_writing("forum-1")[5].version > version
    writers.stopped("forum-1", 5, 8)
    assert not writers.now_writing("forum-1")[5].until


def test_chair_sees_names_and_the_room_only_a_number(stage: Stage) -> None:
    finn, ben = stage.visitor("finn").listen(), stage.visitor("ben").listen()
    forum = stage.visitor("ben").page().forum
    stage.visitor("cyn").listen()
    until(lambda: newest(ben, f"presence-{forum}") == "3 here", what="being three")
    until(lambda: newest(finn, f"presence-{forum}").startswith("3 here "), what="being three for the chair")
    names = [stage.cast.person(name).name for name in ("finn", "ben", "cyn")]
    assert all(name in newest(finn, f"presence-{forum}") for name in names)
    assert not any(name in ben.text() for name in names)
    stage.visitor("cyn").sockets.pop().close()
    until(lambda: newest(ben, f"presence-{forum}") == "2 here", what="being two")
    until(lambda: newest(finn, f"presence-{forum}").startswith("2 here "), what="being two for the chair")
    assert names[2] not in newest(finn, f"presence-{forum}")


def test_projector_of_a_chair_is_told_no_names(stage: Stage) -> None:
    page, wall = stage.visitor("finn").page(), stage.visitor("finn").socket()
    stage.visitor("ben").listen()
    answer = wall.call("join", {"meeting": stage.cast.slug, "forum": page.forum, "after": page.after,
                                "surface": "projector"})
    assert answer["ok"]
    shown = next(one for one in answer["fragments"] if one["id"] == f"presence-{page.forum}")
    assert "2 here" in shown["html"]
    assert stage.cast.person("ben").name not in str(answer)
    stage.visitor("cyn").listen()
    until(lambda: newest(wall, f"presence-{page.forum}") == "3 here", what="being three")
    assert stage.cast.person("cyn").name not in wall.text()


def test_writing_is_counted_and_names_nobody(stage: Stage) -> None:
    finn, ben, cyn = (stage.visitor(name).listen() for name in ("finn", "ben", "cyn"))
    question, forum = stage.question(number=1), stage.visitor("ben").page().forum
    said = {"meeting": stage.cast.slug, "forum": forum, "question": question}
    assert ben.call("typing", said) == {"ok": True}
    assert cyn.call("typing", said) == {"ok": True}
    until(lambda: newest(finn, f"typing-{question}") == "2 people are writing", what="two writing")
    told = [one for one in finn.fragments() if one["id"] == f"typing-{question}"]
    assert not any(stage.cast.person(name).name in str(told) for name in ("ben", "cyn"))
    assert cyn.call("typing", said | {"over": True}) == {"ok": True}
    until(lambda: newest(finn, f"typing-{question}") == "1 person is writing", what="one writing")


def test_writing_elsewhere_is_refused(stage: Stage) -> None:
    ben, page = stage.visitor("ben").listen(), stage.visitor("ben").page()
    said = {"meeting": stage.cast.slug, "forum": page.forum, "question": stage.question()}
    assert ben.call("typing", said | {"question": stage.question("1B")})["status"] == 404
    assert ben.call("typing", said | {"forum": 10**6})["status"] == 404
    assert ben.call("typing", said | {"question": "1"})["status"] == 422
    assert ben.call("typing", said | {"forum": True})["status"] == 422
