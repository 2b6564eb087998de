"""Packets that nobody's browser sends: each costs its own connection at most, and one short line in the log."""

import contextlib
import json
import random
import socket

import pytest
import requests

from tests.live.stage import Stage
from tests.live.test_strangers import polling
from tests.live.test_without_end import PING, connected, frame

TEXT, BINARY = 0x81, 0x82
CANARY = "CANARYPACKET"
JOIN = '427["join",{"meeting":"cells-that-stay","forum":null,"after":0}]'
LONGEST_LINE = 200
PACKETS = [
    "42", "44", "4", "47", "48", "49", "4x", "x", "7", "8", "9x", "b", "b!!", "b0", "٤٢[]", "4٢[\"join\"]", "42[]",
    "42{}", "42null", "421", '42"join"', "42[1]", "42[null]", "42[[\"a\"]]", '42[{"a":1}]', '42["connect"]',
    '42["connect",1]', '42["connect",1,2,3,4]', '42["disconnect",1,2,3]', "42[", "42²[]", '4{"a":1}', "4[]",
    "4null", "4true", '4""', "41x", "43", "43[]", '431{"a":1}', "45", "46", "45-", '45["x"]', '450-["x"]',
    '46["x"]', '461-["x"]', '4511-["x"]', '45999999999999-["x"]', '451-["x",{"_placeholder":true,"num":0}]',
    '451-/other,["x"]', "40", "40[]", "40/other,", "42/other,[\"x\"]", '42/other,{"a":1}',
    "4" + "[" * 50_000, "42" + "[" * 50_000, "2" + "[" * 50_000,
    "42" + "9" * 200, f'42["{CANARY}",{{"a":"{CANARY}"}}]', f'42{{"{CANARY}":1}}', f'42[["{CANARY}"]]', f"4{CANARY}",
    f"{CANARY}", f"42/{CANARY * 300},[1]", f'451-["{CANARY}",{{"_placeholder":true,"num":7}}]']
# What follows 451-…: bytes, and what is none.
ATTACHED = [
    *(f'["x",{{"_placeholder":true,"num":{number}}}]' for number in ("0", "1", "-2", '"a"', "null", "[]", "1.5")),
    '{"_placeholder":true,"num":0}', '[{"_placeholder":true,"num":0}]', '["connect",{"_placeholder":true,"num":0}]',
    "[]", '[["a"]]']


def log(stage: Stage) -> list[str]:
    """What the server has written so far."""
    return stage.site.log_tail("web", lines=100_000).splitlines()


def said_after(raw: socket.socket) -> str:
    """What somebody hears after all that: the answer to a join, nothing after a goodbye, or the connection's end."""
    raw.settimeout(10)
    heard, last = b"", b"are you there"
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        raw.sendall(frame(TEXT, JOIN.encode()) + frame(PING, last))
        while last not in heard and (more := raw.recv(65_536)):
            heard += more
    return "answered" if b"437[" in heard else "silence" if last in heard else "closed"


def check_log(before: list[str], after: list[str], *, packets: int) -> None:
    """No traceback, no word of what was sent, and no more lines than packets."""
    new = after[len(before):]
    assert not [line for line in new if "Traceback" in line or line.startswith("  File ")], new[-40:]
    assert not [line for line in new if CANARY in line]
    assert [line for line in new if len(line) > LONGEST_LINE] == []
    assert len(new) <= packets, new


@pytest.fixture
def witness(stage: Stage):
    """Somebody else, who is answered before and after."""
    other = stage.visitor("cyn").socket()
    ask = {"meeting": stage.cast.slug, "forum": None, "after": 0}
    assert other.call("join", ask)["ok"]
    yield other
    assert other.call("join", ask)["ok"]


@pytest.mark.parametrize("packet", PACKETS, ids=[packet[:30] for packet in PACKETS])
def test_broken_packet_leaves_one_short_line_at_most(stage: Stage, witness, packet: str) -> None:
    before = log(stage)
    with connected(stage, "ben") as raw:
        raw.sendall(frame(TEXT, packet.encode()))
        said_after(raw)
    check_log(before, log(stage), packets=1)


@pytest.mark.parametrize("placeholder", ATTACHED)
def test_attachments_that_fit_nowhere_do_too(stage: Stage, witness, placeholder: str) -> None:
    before = log(stage)
    for first, attachment in ((BINARY, b"bytes"), (BINARY, b""), (TEXT, b"4bytes"), (TEXT, b'42["x"]')):
        with connected(stage, "ben") as raw:
            raw.sendall(frame(TEXT, b"451-" + placeholder.encode()) + frame(first, attachment))
            said_after(raw)
    check_log(before, log(stage), packets=4)


@pytest.mark.parametrize("packet", [b"", b"2", b"0", b'2["join"]', b"\xff\xfe"])
def test_bytes_without_a_packet_do_too(stage: Stage, witness, packet: bytes) -> None:
    before = log(stage)
    with connected(stage, "ben") as raw:
        raw.sendall(frame(BINARY, packet))
        said_after(raw)
    check_log(before, log(stage), packets=1)


@pytest.mark.parametrize("packet", ["x", "42[]", '42["connect"]', "4" + "[" * 50_000, '45["x"]', "7", "45\x1e42"])
def test_broken_packet_of_a_polling_page_does_too(stage: Stage, witness, packet: str) -> None:
    url, headers = polling(stage)
    before = log(stage)
    assert requests.post(url, headers=headers, data=packet.encode(), timeout=10).status_code in (200, 400)
    assert requests.post(url, headers=headers, data=b"3", timeout=10).status_code in (200, 400)
    check_log(before, log(stage), packets=1)


def test_what_cannot_be_read_ends_the_connection_and_gives_its_place_free(stage: Stage, witness) -> None:
    for packet in ("x", "42{}", '451-["x"]'):
        # A person has forty places: more than those would be refused if one of them were kept.
        for _ in range(45):
            with connected(stage, "finn") as raw:
                raw.sendall(frame(TEXT, packet.encode()) + frame(TEXT, b"4no bytes"))
                assert said_after(raw) == "closed"


def test_well_formed_packets_go_on_as_before(stage: Stage, witness) -> None:
    with connected(stage, "ben") as raw:
        raw.sendall(frame(TEXT, b'451-["x",{"_placeholder":true,"num":0}]') + frame(BINARY, b"bytes"))
        raw.sendall(frame(TEXT, b'42["unknown",1,[2],{"a":null}]') + frame(TEXT, b'42/,["unknown"]'))
        raw.sendall(frame(TEXT, b"43999[]"))
        assert said_after(raw) == "answered"


def broken(chance: random.Random) -> tuple[int, bytes]:
    """A packet as a fuzzer makes it: pieces of good ones in any order, cut and bent."""
    pieces = ["0", "1", "2", "3", "4", "5", "6", "7", "42", "45", "451-", "/", "/other,", "?", "-", ",", "[", "]", "{",
              "}", '"', ":", '"join"', '"cast"', '"connect"', '"disconnect"', "null", "true", "-1", "1e999",
              "99999999999", '{"_placeholder":true,"num":0}', '{"_placeholder":true,"num":"x"}', "\\ud800",
              "\0", "²", "٣", CANARY]
    text = "".join(chance.choice(pieces) for _ in range(chance.randrange(8)))
    if chance.random() < 0.6:
        text = chance.choice(["42", "4", "421", "451-", "40", "43", "2"]) + text
    if chance.random() < 0.3:
        text = "42" + json.dumps(chance.choice([[text], {text: text}, text, [[text]], [text, text], [{text: 1}]]))
    return chance.choice([TEXT, TEXT, TEXT, BINARY]), text.encode()


@pytest.mark.parametrize("seed", range(4))
def test_any_packets_leave_the_others_alone(stage: Stage, witness, seed: int) -> None:
    chance, before, sent = random.Random(seed), log(stage), 0
    for _ in range(80):
        with connected(stage, "ben") as raw:
            for _ in range(chance.randrange(1, 6)):
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    raw.sendall(frame(*broken(chance)))
                    sent += 1
            said_after(raw)
    check_log(before, log(stage), packets=sent)
