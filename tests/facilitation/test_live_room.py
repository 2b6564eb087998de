"""The old console and projector, and what they were told, make the fresh ones; and who is told nothing."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.live.applying import LivePage, find
from tests.live.stage import Socket, Stage, Visitor, until

CONSOLE, WALL = "sessions/1A/console", "sessions/1A/projector"
MARKED = ("aria-current",)


@dataclass
class Open:
    """A page somebody has open, and where a fresh one is to be had."""

    visitor: Visitor
    address: str
    names: tuple[str, ...]
    page: LivePage = field(init=False)
    socket: Socket = field(init=False)
    applied: int = 0

    def __post_init__(self) -> None:
        html = self.visitor.get(self.address).text
        self.page, self.socket = LivePage(html), self.visitor.socket()
        after, forum = (int(re.findall(rf'data-{name}="(\d+)"', html)[0]) for name in ("after", "forum"))
        answer = self.socket.call("join", {"meeting": self.visitor.slug, "forum": forum, "after": after,
                                           "surface": "projector" if self.address == WALL else None})
        assert answer["ok"], answer
        for fragment in answer["fragments"]:
            self.page.apply(fragment)

    def seen(self) -> dict[str, object]:
        """What the page shows by now. The mark at the poll on the desk is the page's own."""
        changes = list(self.socket.changes)
        for change in changes[self.applied:]:
            for fragment in change["fragments"]:
                self.page.apply(fragment)
        self.applied = len(changes)
        return unmarked(self.page).regions(self.names)

    def fresh(self) -> dict[str, object]:
        """What a fresh one shows."""
        return unmarked(LivePage(self.visitor.get(self.address).text)).regions(self.names)


def unmarked(page: LivePage) -> LivePage:
    """Without what the page's own script marks."""
    for element in page.tree.iter():
        for name in MARKED:
            element.attrib.pop(name, None)
    return page


@dataclass
class Room:
    """A room in which things happen by chance."""

    stage: Stage
    chance: random.Random
    polls: list[int]
    told: list[str] = field(default_factory=list)

    def next(self) -> None:
        """Do one thing."""
        verbs: list[Callable[[], str]] = [self.run, self.run, self.run, self.hang, self.lead, self.say, self.vote,
                                          self.write]
        self.told.append(self.chance.choice(verbs)())

    def run(self) -> str:
        """Finn or Ada presses a button of the desk."""
        poll = self.chance.choice(self.polls)
        page = self.stage.visitor("finn").get(f"{CONSOLE}?poll={poll}").text
        moves = re.findall(rf"(polls/{poll}/run/[^\"]+)\"", page)
        return self.act(self.chance.choice(("finn", "ada")), self.chance.choice(moves).replace("&amp;", "&")) \
            if moves else f"{poll} is decided"

    def hang(self) -> str:
        """Something is put on the wall."""
        return self.act("ada", f"sessions/1A/stage?poll={self.chance.choice([*map(str, self.polls), ''])}")

    def lead(self) -> str:
        """The lead changes."""
        return self.act(self.chance.choice(("finn", "ada")), "sessions/1A/lead")

    def say(self) -> str:
        """Ben answers a question."""
        question = self.stage.question(number=self.chance.randrange(3))
        return f"say {self.stage.visitor('ben').say('Some words', question=question)}"

    def vote(self) -> str:
        """Cyn votes."""
        poll = self.chance.choice(self.polls)
        ballot = self.stage.visitor("cyn").get(f"polls/{poll}/ballot").text
        found = re.findall(r'data-round="(\d+)"', ballot)
        options = set(re.findall(r'name="(rating-o\d+)"', ballot))
        if not found or not options:
            return "nothing to vote on"
        return self.act("cyn", f"polls/{poll}/votes", round=found[0], key=f"room-vote-{len(self.told):04}",
                        **{option: str(self.chance.randint(1, 9)) for option in options})

    def write(self) -> str:
        """Finn writes another poll."""
        return self.act("finn", "sessions/1A/polls/new", kind="rating", title=f"Poll {len(self.told)}",
                        statements="Here", rule="percent_agreement")

    def act(self, name: str, path: str, **form: str) -> str:
        """Send a form; a refusal is fine, a failure is not."""
        status = self.stage.visitor(name).post(path, **form).status_code
        assert status < 500
        return f"{name}: {path} {form} -> {status}"


def prepare(stage: Stage) -> list[int]:
    """Two drafts, one of which is watched live; their ids."""
    for title, visibility in (("Watched", "live"), ("Sealed", "after_reveal")):
        answer = stage.visitor("finn").post(
            "sessions/1A/polls/new", kind="rating", title=title, statements="Here\nThere", rule="percent_agreement",
            visibility=visibility)
        assert answer.status_code == 200
    page = stage.visitor("finn").get(CONSOLE).text
    return sorted({int(one) for one in re.findall(r'data-poll="(\d+)"', page)})[-2:]


@pytest.mark.parametrize("seed", [2, 4])
def test_old_console_and_wall_and_events_make_fresh_ones(stage: Stage, seed: int) -> None:
    room = Room(stage, random.Random(seed), prepare(stage))
    forum = stage.cast.forum_session().id
    around = (f"queue-{forum}", f"stage-{forum}", f"coverage-{forum}", f"log-{forum}")
    pages = [Open(stage.visitor("finn"), f"{CONSOLE}?poll={poll}", (*around, f"desk-{poll}")) for poll in room.polls]
    pages.append(Open(stage.visitor("ada"), WALL, (f"wall-{forum}",)))
    for _ in range(22):
        room.next()
        for old in pages:
            fresh = old.fresh()
            assert all(fresh.values()), "a fresh page has every part"
            try:
                until(lambda old=old, fresh=fresh: old.seen() == fresh, seconds=3)
            except AssertionError:
                differing = [name for name in old.names if old.seen()[name] != fresh[name]]
                pytest.fail(f"{old.address} of {old.visitor.name} differs in {differing} after:\n"
                            + "\n".join(room.told) + f"\n{old.seen()[differing[0]]}\n{fresh[differing[0]]}")
    assert all(old.applied > 5 for old in pages)


def test_wall_hears_of_nothing_but_itself(stage: Stage) -> None:
    room = Room(stage, random.Random(9), prepare(stage))
    wall = Open(stage.visitor("finn"), WALL, ())
    for _ in range(14):
        room.next()
    room.act("finn", "sessions/1A/stage")
    until(lambda: any("wall-" in one["id"] for one in wall.socket.fragments()), what="a change of the wall")
    told = {re.sub(r"-\d+$", "", one["id"]) for one in wall.socket.fragments()}
    assert told <= {"wall", "wall-live", "wall-result", "wall-priorities", "presence"}
    assert "Participant" not in wall.socket.text()
    assert "Facilitator" not in wall.socket.text()


@pytest.mark.parametrize("name", ["ben", "olu", "gus"])
def test_members_of_the_room_are_told_nothing_of_the_console(stage: Stage, name: str) -> None:
    poll = prepare(stage)[0]
    listener, chair = stage.visitor(name).listen(), stage.visitor("finn").listen()
    for path in (f"polls/{poll}/run/open", "sessions/1A/lead", "sessions/1A/stage"):
        assert stage.visitor("ada").post(path).status_code == 200
    until(lambda: any(one["id"].startswith("stage-") for one in chair.fragments()), what="word of the stage")
    until(lambda: any(one["id"] == f"poll-{poll}" for one in listener.fragments()), what="word of the poll")
    parts = {one["id"].split("-")[0] for one in listener.fragments()}
    assert not parts & {"desk", "queue", "stage", "log", "coverage", "wall"}


def test_removed_facilitator_hears_no_more_and_runs_nothing(stage: Stage) -> None:
    poll = prepare(stage)[0]
    page = Open(stage.visitor("gus"), "sessions/1B/console", ())
    assert find(page.page.tree, f"queue-{stage.cast.forum_session('1B').id}") is not None
    member = stage.cast.viewer("gus").membership_id
    assert stage.visitor("ada").post(f"people/{member}/revoke").status_code == 200
    until(lambda: not page.socket.is_open, what="the closing of the socket")
    for path in ("sessions/1B/lead", "sessions/1B/stage", f"polls/{poll}/run/open"):
        assert stage.visitor("gus").post(path).status_code == 404
    assert stage.visitor("gus").get("sessions/1B/console").status_code == 404
