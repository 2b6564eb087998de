"""docs/live-protocol.md, followed step by step by a client that knows nothing else of the program."""

import json
import re
import secrets
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from sigforum.people.actions import revoke_membership
from sigforum.people.links import make_link
from sigforum.people.queries import membership
from tests.ballots.polling import add_voters, make_poll, move
from tests.casting import Cast, make_cast
from tests.serving import Site

pytestmark = pytest.mark.timeout(180)
SECONDS = 10
DOCUMENT = (Path(__file__).parents[2] / "docs" / "live-protocol.md").read_text(encoding="utf-8")


class Stranger:
    """A client written from the document alone."""

    def __init__(self, site: str) -> None:
        self.site, self.http = site, requests.Session()
        self.sio = socketio.Client(reconnection=False)
        self.page: dict[str, str] = {}
        self.last, self.versions, self.elements = 0, dict[str, int](), dict[str, str]()
        self.changes: list[dict[str, Any]] = []
        self.arrived, self.closed = threading.Condition(), threading.Event()
        self.sio.on("change", self.take)
        self.sio.on("disconnect", lambda *_reason: self.closed.set())

    def sign_in(self, link: str) -> None:
        """Section 1."""
        token = self.csrf(self.http.get(link, timeout=SECONDS).text)
        answer = self.http.post(link, data={"csrf_token": token}, timeout=SECONDS, allow_redirects=False)
        assert answer.status_code == 302

    def csrf(self, page: str) -> str:
        return re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]

    def open_page(self, path: str) -> str:
        """Section 2."""
        text = self.http.get(self.site + path, timeout=SECONDS).text
        self.page = dict(re.findall(r'data-(meeting|forum|after)="([^"]*)"', text))
        self.page["token"], self.last = self.csrf(text), int(self.page["after"])
        return text

    def connect(self, transports: list[str] | None = None) -> None:
        """Section 3."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        self.closed.clear()
        self.sio.connect(self.site, headers={"Cookie": cookies}, transports=transports, wait_timeout=SECONDS)

    def tell(self, event: str, **fields: Any) -> dict[str, Any]:
        """Section 4."""
        return self.sio.call(event, {"meeting": self.page["meeting"], **fields}, timeout=SECONDS)

    def join(self) -> dict[str, Any]:
        answer = self.tell("join", forum=int(self.page["forum"]), after=self.last)
        if answer["ok"] and not answer.get("reload"):
            self.apply(answer["fragments"])
            self.last = max(self.last, answer["number"])
        return answer

    def cast(self, poll: int, *, round_number: int = 1, **fields: Any) -> dict[str, Any]:
        return self.tell("cast", poll=poll, round=round_number, **({"key": secrets.token_hex(8)} | fields))

    def take(self, change: dict[str, Any]) -> None:
        """Section 5."""
        with self.arrived:
            self.changes.append(change)
            self.apply(change["fragments"])
            self.last = max(self.last, change["number"])
            self.arrived.notify_all()

    def apply(self, fragments: list[dict[str, Any]]) -> None:
        for fragment in fragments:
            if fragment["version"] and fragment["version"] < self.versions.get(fragment["id"], 0):
                continue
            if fragment["version"]:
                self.versions[fragment["id"]] = fragment["version"]
            if fragment["html"]:
                self.elements[fragment["id"]] = fragment["html"]
            else:
                self.elements.pop(fragment["id"], None)

    def wait_for(self, identifier: str, words: str) -> str:
        with self.arrived:
            assert self.arrived.wait_for(lambda: words in self.elements.get(identifier, ""), timeout=SECONDS), (
                f"{words!r} did not come in {identifier}: {self.elements.keys()}")
            return self.elements[identifier]

    def post(self, path: str, **fields: Any) -> requests.Response:
        """Section 7."""
        return self.http.post(f"{self.site}/meetings/{self.page['meeting']}{path}", timeout=SECONDS,
                              data={"csrf_token": self.page["token"], **fields}, headers={"Accept": "application/json"})


@pytest.fixture(scope="module")
def site(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A real web process on a database of its own."""
    running = Site(tmp_path_factory.mktemp("protocol"))
    shutil.copy(migrated, running.folder)
    try:
        running.start_web()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def here(site: Site) -> Iterator[Cast]:
    """The cast, on the served database; this process plays the facilitator and the operator."""
    with site.application():
        yield make_cast()


@pytest.fixture
def stranger(site: Site, here: Cast) -> Iterator[Any]:
    """Makes clients, signed in as somebody or not at all."""
    made: list[Stranger] = []

    def make(name: str | None) -> Stranger:
        client = Stranger(site.url)
        made.append(client)
        if name is not None:
            client.sign_in(make_link(here.person(name), lifetime=timedelta(hours=1)))
            client.open_page(f"/meetings/{here.slug}/sessions/1A")
        return client
    yield make
    for client in made:
        if client.sio.connected:
            client.sio.disconnect()


def test_signing_in_needs_the_button_and_the_token(site: Site, here: Cast) -> None:
    link = make_link(here.person("ben"), lifetime=timedelta(hours=1))
    client = Stranger(site.url)
    assert client.http.get(link, timeout=SECONDS).status_code == 200
    assert client.http.post(link, timeout=SECONDS, allow_redirects=False).status_code == 400
    client.sign_in(link)
    assert Stranger(site.url).http.get(link, timeout=SECONDS).status_code == 410


def test_connection_without_a_session_is_refused(stranger: Any) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        stranger(None).connect()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_votes_are_acknowledged_and_seen(stranger: Any, here: Cast, transport: str) -> None:
    poll = make_poll(here, visibility="live")
    ben, olu = stranger("ben"), stranger("olu")
    for client in (ben, olu):
        client.connect([transport])
        answer = client.join()
        assert (answer["ok"], answer["number"] >= int(client.page["after"])) == (True, True)
    move(here, poll, "open")
    pushed = ben.wait_for(f"poll-{poll.id}", "data-ballot")
    assert "data-vote=" not in pushed, "a pushed card holds no ballot"
    assert max(change["number"] for change in ben.changes) == ben.last > 0, "presence and tallies carry no number"

    # The ballot is where the card says, and names its options and its round.
    address = re.findall(r'data-ballot="([^"]+)"', pushed)[0]
    ballot = ben.http.get(ben.site + address, timeout=SECONDS).text
    assert re.findall(r'data-vote="(\d+)" data-round="(\d+)" data-kind="(\w+)"', ballot) == [
        (str(poll.id), "1", "rating")]
    first, second = re.findall(r'data-option="([^"]+)"', ballot)

    key = secrets.token_hex(8)
    vote = {"poll": poll.id, "round": 1, "key": key, "answer": {"ratings": {first: 8, second: "x"}}}
    saved = ben.tell("cast", **vote)
    assert (saved["ok"], saved["revision"]) == (True, 1)
    assert datetime.fromisoformat(saved["saved_at"]).utcoffset() == timedelta(0)
    assert ben.tell("cast", **vote) == saved, "repeating is harmless"
    # The same key by the other way, too.
    by_form = ben.post(f"/polls/{poll.id}/votes", round=1, key=key, **{f"rating-{first}": 8, f"rating-{second}": "x"})
    assert (by_form.status_code, by_form.json()) == (200, saved)

    changed = ben.cast(poll.id, form={f"rating-{first}": "2", f"rating-{second}": "3"})
    assert (changed["ok"], changed["revision"]) == (True, 2)
    tally = olu.wait_for(f"result-{poll.id}", "<td>1</td>")
    assert "1" in tally
    assert olu.versions[f"result-{poll.id}"] >= 1
    assert 0 in {change["number"] for change in olu.changes}, "tallies carry no number"
    move(here, poll, "close")
    assert ben.tell("cast", **vote) == saved, "also after the close"


def test_refusals_have_a_status_a_sentence_and_errors_by_key(stranger: Any, here: Cast) -> None:
    poll = make_poll(here, upto="open")
    first, second = (f"o{option.id}" for option in poll.options)
    ben, olu = stranger("ben"), stranger("olu")
    ben.connect()
    olu.connect()
    right = {"ratings": {first: 5, second: 5}}
    refused = {
        "wrong value": (ben.cast(poll.id, form={f"rating-{first}": "12", f"rating-{second}": "x"}), 422, {first}),
        "not every statement": (ben.cast(poll.id, answer={"ratings": {first: 5}}), 422, {second}),
        "no ballot": (ben.cast(poll.id, answer=None), 422, {""}),
        "short key": (ben.cast(poll.id, answer=right, key="short"), 422, {"key"}),
        "no such poll": (ben.cast(10**6, answer=right), 404, None),
        "number too large": (ben.cast(10**30, answer=right), 422, {"poll"}),
        "earlier round": (ben.cast(poll.id, answer=right, round_number=9), 409, None),
        "observer": (olu.cast(poll.id, answer=right), 403, None),
        "no object": (ben.sio.call("cast", "text", timeout=SECONDS), 400, None),
        "unknown meeting": (ben.sio.call("join", {"meeting": "none", "after": 0}, timeout=SECONDS), 404, None),
        "after is no number": (ben.tell("join", forum=None, after="1"), 422, {"after"}),
        "another meeting's session": (ben.tell("join", forum=10**30, after=0), 404, None),
    }
    for name, (answer, status, errors) in refused.items():
        assert (answer["ok"], answer["status"]) == (False, status), (name, answer)
        assert answer["error"], name
        assert set(answer.get("errors", [])) == (errors or set()), (name, answer)
    assert ben.cast(poll.id, answer=right)["revision"] == 1


def test_reconnecting_client_gets_what_it_missed_once(stranger: Any, here: Cast) -> None:
    ben, cyn = stranger("ben"), stranger("cyn")
    ben.connect()
    assert ben.join()["ok"]
    question = re.findall(r'name="question_id" value="(\d+)"', ben.open_page(f"/meetings/{here.slug}/sessions/1A"))[0]
    seen = ben.last
    ben.sio.disconnect()
    key = secrets.token_hex(8)
    fields = {"question_id": question, "parent_id": "", "key": key, "shown": "named",
              "text": "Said while ben was away."}
    posted = [cyn.post("/sessions/1A/responses", **fields) for _ in range(2)]
    assert [answer.status_code for answer in posted] == [200, 200]
    identifier = posted[0].json()["fragments"][0]["id"]
    assert posted[1].json()["fragments"][0]["id"] == identifier, "the same key is the same response"
    ben.connect()
    answer = ben.join()
    assert [one["id"] for one in answer["fragments"]].count(identifier) == 1
    assert answer["number"] > seen
    assert "Said while ben was away." in ben.elements[identifier]
    # Nothing more was missed; the tallies of open rounds, and who is here, come each time.
    assert [one["id"] for one in ben.join()["fragments"] if not one["id"].startswith(("result-", "presence-"))] == []
    assert ben.tell("join", forum=int(ben.page["forum"]), after=answer["number"] + 1000)["reload"] is True


def test_post_reaches_an_open_page_and_errors_name_their_field(stranger: Any, here: Cast) -> None:
    ben, cyn = stranger("ben"), stranger("cyn")
    ben.connect()
    assert ben.join()["ok"]
    question = re.findall(r'name="question_id" value="(\d+)"', cyn.open_page(f"/meetings/{here.slug}/sessions/1A"))[0]
    empty = cyn.post("/sessions/1A/responses", question_id=question, parent_id="", key="empty-one", text=" ")
    assert (empty.status_code, set(empty.json()["errors"])) == (422, {"text"})
    answer = cyn.post("/sessions/1A/responses", question_id=question, parent_id="", key=secrets.token_hex(8),
                      shown="named", text="In **closed** systems.").json()
    fragment = answer["fragments"][0]
    assert fragment["into"] == f"responses-{question}"
    assert "<strong>closed</strong>" in ben.wait_for(fragment["id"], "closed")


def test_removed_person_is_refused_and_their_socket_closed(stranger: Any, here: Cast) -> None:
    poll = make_poll(here, upto="open")
    add_voters(here, 1)
    vic, gone = here.person("v0").id, stranger("v0")
    gone.connect()
    assert gone.join()["ok"]
    revoke_membership(here.viewer("ada"), membership(vic, meeting_id=here.meeting_id).id)
    assert gone.closed.wait(SECONDS)
    gone.sio.wait()
    gone.connect()
    assert gone.join()["status"] == 404
    assert gone.cast(poll.id, answer={"abstain": True})["status"] == 404


def test_examples_of_the_document_are_json() -> None:
    found = re.findall(r"^(?:->|<-) (?:\w+ )?(\{.*?\})$(?=\n(?:<-|->|\n|```))", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert len(found) >= 6
    for example in found:
        json.loads(example.replace('"<article ...>"', '""').replace('"<span ...>"', '""'))
