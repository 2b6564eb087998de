"""What was acknowledged is there after kill -9 in the middle of fifty people writing: none lost, none doubled."""

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import requests
import socketio

from sigforum.kernel.ids import new_token
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.links import make_link
from sigforum.people.queries import members
from sigforum.transaction import transaction
from tests.casting import Cast, make_cast
from tests.journeys.scene import open_rating
from tests.serving import Site

VOTERS, POSTERS = 25, 25
# So many writes must be acknowledged before the power goes, and one of everybody's.
ACKNOWLEDGED_BEFORE = 150
# A socket's answer that the crash took with it is waited for as long as this.
ANSWER_SECONDS = 5
# The longest that somebody pauses between two votes, and between two responses.
VOTE_PAUSE_SECONDS, POST_PAUSE_SECONDS = 0.1, 1.0

pytestmark = pytest.mark.journey


@dataclass(frozen=True)
class Place:
    """Where everybody writes: the meeting, its poll, the poll's options, and the question."""

    slug: str
    poll: int
    options: tuple[str, ...]
    question: int


@dataclass
class Writer:
    """One person with one browser: what they sent, and what of it was acknowledged. Keys name the writes."""

    person: int
    site: Site
    place: Place
    http: requests.Session
    csrf_token: str
    sent: dict[str, object] = field(default_factory=dict)
    acknowledged: dict[str, object] = field(default_factory=dict)

    def write_until(self, stop: threading.Event) -> None:
        """Write again and again until the server is gone."""
        raise NotImplementedError

    def repeat(self) -> None:
        """Send once more, with its first key, what was never answered."""
        raise NotImplementedError


class Voter(Writer):
    """Casts votes over a socket, each changing the one before."""

    def write_until(self, stop: threading.Event) -> None:
        with self._socket() as socket:
            while not stop.is_set():
                answer = {"ratings": {key: random.randint(1, 9) for key in self.place.options}}
                key = new_token()[:32]
                self.sent[key] = answer
                try:
                    self._cast(socket, key)
                except (socketio.exceptions.SocketIOError, OSError):
                    return
                stop.wait(random.uniform(0, VOTE_PAUSE_SECONDS))

    def repeat(self) -> None:
        with self._socket() as socket:
            for key in self.sent.keys() - self.acknowledged.keys():
                self._cast(socket, key)

    def _socket(self) -> socketio.SimpleClient:
        socket = socketio.SimpleClient(reconnection=False)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        socket.connect(self.site.url, headers={"Cookie": cookies}, transports=["websocket"])
        return socket

    def _cast(self, socket: socketio.SimpleClient, key: str) -> None:
        answer = socket.call("cast", {
            "meeting": self.place.slug, "poll": self.place.poll, "round": 1, "key": key, "answer": self.sent[key],
        }, timeout=ANSWER_SECONDS)
        assert answer["ok"], answer
        self.acknowledged[key] = answer["revision"]


class Poster(Writer):
    """Posts responses by the form."""

    def write_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            key = new_token()[:32]
            self.sent[key] = f"Response {key}"
            try:
                self._post(key)
            except requests.RequestException:
                return
            stop.wait(random.uniform(0, POST_PAUSE_SECONDS))

    def repeat(self) -> None:
        for key in self.sent.keys() - self.acknowledged.keys():
            self._post(key)

    def _post(self, key: str) -> None:
        answer = self.http.post(
            f"{self.site.url}/meetings/{self.place.slug}/sessions/1A/responses",
            data={"csrf_token": self.csrf_token, "question_id": self.place.question, "key": key,
                  "shown": "named", "text": self.sent[key]},
            headers={"Accept": "application/json"}, timeout=ANSWER_SECONDS)
        assert answer.status_code == 200, answer.text
        self.acknowledged[key] = self.sent[key]


@pytest.fixture(scope="module")
def place(site: Site) -> Place:
    """An open poll and a question."""
    with site.application():
        cast = make_cast()
        poll = open_rating(cast, "Under load")
        return Place(slug=cast.slug, poll=poll.id, options=tuple(f"o{option.id}" for option in poll.options),
                     question=cast.forum_session().asked[0].id)


@pytest.fixture(scope="module")
def writers(site: Site, place: Place) -> Iterator[list[Writer]]:
    """Fifty signed-in participants."""
    links = _invited(site, place)
    with ThreadPoolExecutor(8) as pool:
        signed_in = list(pool.map(lambda invited: _signed_in(site, invited[1]), links))
    yield [(Voter if number < VOTERS else Poster)(person, site, place, http, csrf_token)
           for number, ((person, _), (http, csrf_token)) in enumerate(zip(links, signed_in, strict=True))]
    for http, _ in signed_in:
        http.close()


def test_acknowledged_writes_survive_a_kill_and_repeats_double_nothing(site: Site, writers: list[Writer]) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(len(writers)) as pool:
        done = [pool.submit(writer.write_until, stop) for writer in writers]
        try:
            _wait_for_acknowledgements(writers)
            site.kill_web()
        finally:
            stop.set()
        for future in done:
            future.result()
    assert sum(len(writer.sent) - len(writer.acknowledged) for writer in writers) > 0, "nobody was interrupted"

    # Each write is one row or none; an acknowledged one is there.
    _check_votes(site, writers)
    _check_responses(site, writers)

    site.start_web()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda writer: writer.repeat(), writers))
    assert all(writer.sent.keys() == writer.acknowledged.keys() for writer in writers)
    _check_votes(site, writers)
    _check_responses(site, writers)


def _wait_for_acknowledgements(writers: list[Writer]) -> None:
    deadline = time.monotonic() + 60
    while (min(counts := [len(writer.acknowledged) for writer in writers]) < 1
           or sum(counts) < ACKNOWLEDGED_BEFORE):
        assert time.monotonic() < deadline, f"the server acknowledges too little: {counts}"
        time.sleep(0.01)


def _check_votes(site: Site, writers: list[Writer]) -> None:
    for voter in (writer for writer in writers if isinstance(writer, Voter)):
        stored = site.rows("SELECT key, revision, answer FROM vote_changes WHERE person_id = ? ORDER BY revision",
                           voter.person)
        keys = [key for key, _, _ in stored]
        assert len(keys) == len(set(keys)), "a vote is doubled"
        assert voter.acknowledged.keys() <= set(keys) <= voter.sent.keys(), "an acknowledged vote is lost"
        assert [revision for _, revision, _ in stored] == list(range(1, len(stored) + 1))
        for key, revision, answer in stored:
            assert json.loads(answer) == voter.sent[key]
            assert voter.acknowledged.get(key, revision) == revision
        # The one ballot that counts is the newest.
        assert [(revision, json.loads(answer)) for revision, answer in site.rows(
            "SELECT revision, answer FROM votes WHERE person_id = ?", voter.person)] == [
            (stored[-1][1], json.loads(stored[-1][2]))]


def _check_responses(site: Site, writers: list[Writer]) -> None:
    for poster in (writer for writer in writers if isinstance(writer, Poster)):
        stored = site.rows("SELECT key, text FROM responses WHERE author_id = ?", poster.person)
        assert len(stored) == len({key for key, _ in stored}), "a response is doubled"
        assert poster.acknowledged.keys() <= {key for key, _ in stored} <= poster.sent.keys(), "a response is lost"
        assert all(poster.sent[key] == text for key, text in stored)
    assert site.rows("SELECT count(*) FROM responses r WHERE NOT EXISTS "
                     "(SELECT 1 FROM response_revisions v WHERE v.response_id = r.id)") == [(0,)]
    # Event numbers have no gap: a response and its event are stored together.
    assert site.rows("SELECT meeting_id FROM meeting_events GROUP BY meeting_id "
                     "HAVING count(*) <> max(number)") == []


def _invited(site: Site, place: Place) -> list[tuple[int, str]]:
    rows = "\n".join(f"Writer {number},writer{number}@example.org,Works,Industry,participant,"
                     for number in range(VOTERS + POSTERS))
    with site.application():
        cast = Cast(meeting_id=1, slug=place.slug, other_slug="", ids={})
        codes = {found.code: found.id for found in cast.forum_session().meeting.forum_sessions}
        table = "name,email,affiliation,stakeholder group,role,sessions\n" + rows
        invite_people(cast.viewer("ada"), parse_invitations(table, codes=codes).people, send_mail=False)
        with transaction():
            found = [member for member in members(1) if member.person.email.startswith("writer")]
            for member in found:
                member.status = MembershipStatus.ACCEPTED
        return [(member.person_id, make_link(member.person, lifetime=timedelta(hours=1))) for member in found]


def _signed_in(site: Site, link: str) -> tuple[requests.Session, str]:
    http = requests.Session()
    page = http.get(link, timeout=ANSWER_SECONDS).text
    answer = http.post(link, data={"csrf_token": _csrf_token(page)}, timeout=ANSWER_SECONDS, allow_redirects=False)
    assert answer.status_code == 302
    # Signing in begins a new cookie, and with it a new token for forms.
    return http, _csrf_token(http.get(f"{site.url}/account", timeout=ANSWER_SECONDS).text)


def _csrf_token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]
