"""Attacks that once worked: events a client may not send, bytes without end, texts that stop the clock."""

import contextlib

import pytest
from flask import Flask
from socketio.packet import BINARY_EVENT

from sigforum.agenda.importing.errors import AgendaUnreadable
from sigforum.agenda.importing.markdown import FORMAT
from sigforum.live.packets import SmallPacket, Unreadable
from sigforum.people.actions import sign_out
from tests.live.stage import Stage, until

AGENDA = "Cells\n16 June 2026\nDAY 1, June 16\nSlot 1: a\n1A. b\nCentral question: c?\n"


def test_socket_that_pretends_to_be_gone_hears_nothing_more(stage: Stage) -> None:
    pretender, witness = stage.fresh("ben").listen(), stage.fresh("cyn").listen()
    pretender.client.emit("disconnect", "gone")
    page = stage.visitor("ben").page()
    until(lambda: pretender.call("join", {"meeting": stage.cast.slug, "forum": page.forum, "after": 0})["ok"]
          is False, what="the socket was forgotten")
    sign_out(stage.cast.person("ben").id)
    stage.visitor("ada").say("after the sign-out", question=stage.question())
    until(lambda: "after the sign-out" in witness.text())
    assert "after the sign-out" not in pretender.text()
    stage.visitors.pop("ben")


def test_connect_sent_as_an_event_brings_no_identity(stage: Stage) -> None:
    socket = stage.fresh("cyn").socket()
    forged = {"HTTP_COOKIE": socket.cookie, "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_NAME": "x",
              "SERVER_PORT": "80", "wsgi.url_scheme": "http"}
    socket.client.emit("disconnect", "gone")
    assert socket.call("connect", forged) is False
    answer = socket.call("join", {"meeting": stage.cast.slug, "forum": None, "after": 0})
    assert (answer["ok"], answer["status"]) == (False, 403)


def test_half_a_character_for_a_meeting_is_not_found(stage: Stage) -> None:
    answer = stage.visitor("ben").socket().call("join", {"meeting": "\ud800", "forum": None, "after": 0})
    assert (answer["ok"], answer["status"]) == (False, 404)


def test_packet_that_announces_many_attachments_is_not_read() -> None:
    few = SmallPacket(encoded_packet='51-["join",{"_placeholder":true,"num":0}]')
    assert (few.packet_type, few.attachment_count) == (BINARY_EVENT, 1)
    with pytest.raises(Unreadable):
        SmallPacket(encoded_packet='59999-["join",{"_placeholder":true,"num":0}]')


def test_server_reads_such_packets(app: Flask) -> None:
    assert app.extensions["gateway"].server.packet_class is SmallPacket


@pytest.mark.parametrize("text", [
    AGENDA + " " * 100_000, AGENDA + "-" * 100_000 + "x", f"---\ntitle: x{' ' * 100_000}x\n---\n{AGENDA}",
    "x" + "\n" * 100_000], ids=["blanks", "dashes", "title", "lines"])
@pytest.mark.timeout(30)
def test_agenda_of_one_sign_repeated_is_read_to_its_end(text: str) -> None:
    FORMAT.recognises(text)
    with contextlib.suppress(AgendaUnreadable):
        FORMAT.parse(text)
