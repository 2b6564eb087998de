"""The old page and what was told of a change make the page one would get now, for everyone who looks."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.live.applying import LivePage, find
from tests.live.stage import Socket, Stage, Visitor, until

ONLOOKERS = ("finn", "gus", "ben", "cyn", "olu")


@dataclass
class Open:
    """A page that somebody has open, with its socket."""

    visitor: Visitor
    page: LivePage
    socket: Socket
    applied: int = 0

    def take(self) -> None:
        """Apply what has come, and fetch the ballots of rounds that have just opened, as the script does."""
        changes = list(self.socket.changes)
        for change in changes[self.applied:]:
            for fragment in change["fragments"]:
                self.page.apply(fragment)
        self.applied = len(changes)
        for slot in [one for one in self.page.tree.iter() if one.get("data-ballot")]:
            if not any(one.get("data-ballot-piece") is not None for one in slot.iter()):
                ballot = LivePage(self.visitor.get(str(slot.get("data-ballot"))).text).tree
                piece = next((one for one in ballot.iter() if one.get("data-ballot-piece") is not None), None)
                if piece is not None:
                    slot.text, slot[:] = None, [piece]

    def equals(self, fresh: LivePage) -> bool:
        """Whether this page shows by now what a fresh one shows."""
        self.take()
        return self.page.regions() == fresh.regions()


@dataclass
class Story:
    """What happens, by chance, and what there is to happen to."""

    stage: Stage
    chance: random.Random
    tops: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    polls: dict[int, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def next(self) -> None:
        """Do one thing that can be done now."""
        verbs: list[Callable[[], str]] = [self.post, self.write_poll, self.move_poll, self.rate]
        if self.said:
            verbs += [self.reply, self.edit, self.hide, self.show, self.withdraw, self.restore, self.lay_points]
        self.told.append(self.chance.choice(verbs)())

    def post(self) -> str:
        """Ben answers one of the questions."""
        question = self.stage.question(number=self.chance.randrange(3))
        text = self.chance.choice(["Plain words", "**Strong** words\n\n- a\n- b", "<script>x</script> & “quotes”"])
        self.tops.append(self.stage.visitor("ben").say(text, question=question))
        self.said.append(self.tops[-1])
        return f"post {self.tops[-1]}"

    def reply(self) -> str:
        """Cyn replies to a response that stands."""
        parent = self.chance.choice(self.tops)
        page = self.stage.visitor("cyn").get(f"responses/{parent}/reply").text
        question = re.findall(r'name="question_id" value="(\d+)"', page)
        if not question:
            return f"no reply to {parent}"
        answer = self.stage.visitor("cyn").say("A reply", question=int(question[0]), parent=parent)
        return f"reply {answer} to {parent}"

    def edit(self) -> str:
        """Ben edits."""
        one = self.chance.choice(self.said)
        page = self.stage.visitor("ben").get(f"responses/{one}/edit").text
        revision = re.findall(r'name="revision" value="(\d+)"', page)
        return self.act("ben", f"responses/{one}/edit", text=f"Edited {len(self.told)}",
                        revision=revision[0] if revision else "1", shown="named")

    def withdraw(self) -> str:
        """Ben takes something back."""
        return self.act("ben", f"responses/{self.chance.choice(self.said)}/withdraw")

    def restore(self) -> str:
        """Ben puts something back."""
        return self.act("ben", f"responses/{self.chance.choice(self.said)}/restore")

    def hide(self) -> str:
        """Finn hides something."""
        return self.act("finn", f"responses/{self.chance.choice(self.said)}/hide", reason="A reason")

    def show(self) -> str:
        """Finn shows something again."""
        return self.act("finn", f"responses/{self.chance.choice(self.said)}/show")

    def write_poll(self) -> str:
        """Finn writes a poll, or changes or deletes a draft."""
        form = {"kind": "rating", "title": f"Poll {len(self.told)}", "statements": "Here\nThere",
                "rule": "percent_agreement", "visibility": self.chance.choice(["live", "after_reveal"])}
        drafts = re.findall(r"/polls/(\d+)/edit", self.stage.visitor("finn").page().html)
        if not drafts or self.chance.random() < 0.6:
            return self.act("finn", "sessions/1A/polls/new", **form)
        draft = self.chance.choice(drafts)
        return self.act("finn", *self.chance.choice([(f"polls/{draft}/delete",), (f"polls/{draft}/edit",)]), **form)

    def move_poll(self) -> str:
        """Finn moves a poll on, the priorities included."""
        page = self.stage.visitor("finn").page().html
        moves = re.findall(r"/(polls/\d+/(?:open|close|reveal|decide)(?:\?terms=\w+)?)\"", page)
        return self.act("finn", self.chance.choice(moves))

    def rate(self) -> str:
        """Ben votes in a poll that is open."""
        page = self.stage.visitor("ben").page().html
        steps = dict(re.findall(r'name="(rating-o\d+)" value="(\d)"', page))
        polls = re.findall(r'data-vote="(\d+)" data-round="(\d+)" data-kind="rating"', page)
        if not polls:
            return "nothing to rate"
        poll, number = self.chance.choice(polls)
        ballot = self.stage.visitor("ben").get(f"polls/{poll}/ballot").text
        options = set(re.findall(r'name="(rating-o\d+)"', ballot)) & set(steps)
        form = {option: str(self.chance.randint(1, 9)) for option in options}
        return self.act("ben", f"polls/{poll}/votes", round=number, key=f"vote-{len(self.told):08}", **form)

    def lay_points(self) -> str:
        """Cyn lays points on a response."""
        page = self.stage.visitor("cyn").page().html
        keys = re.findall(r'name="(points-r\d+)"', page)
        open_round = re.findall(r'data-vote="(\d+)" data-round="(\d+)" data-kind="points"', page)
        if not keys or not open_round:
            return "nothing to lay points on"
        form = {self.chance.choice(keys): str(self.chance.randint(1, 3))}
        return self.act("cyn", f"polls/{open_round[0][0]}/votes", round=open_round[0][1],
                        key=f"lay-{len(self.told):08}", **form)

    def act(self, name: str, path: str, **form: str) -> str:
        """Send a form; a refusal is fine, a failure is not."""
        status = self.stage.visitor(name).post(path, **form).status_code
        assert status < 500
        return f"{name}: {path} {form} -> {status}"


def drop_own_points(page: LivePage) -> None:
    """Own points on a stepper are the reader's own input, which only their script may change."""
    for element in page.tree.iter():
        if element.get("data-keep") == "points":
            element.set("class", "stepper")
            for field_ in element.iter("input"):
                field_.set("value", "?")
        if element.get("data-budget"):
            element[:] = []
            element.set("data-laid", "?")
        if element.tag == "input":
            element.attrib.pop("checked", None)


def test_page_is_the_fresh_one_while_a_session_closes_and_is_reopened(stage: Stage) -> None:
    """Rounds close with it, and what a chair can do with each poll changes."""
    story, finn = Story(stage, random.Random(0)), stage.visitor("finn")
    for _ in range(3):
        story.act("finn", "sessions/1A/polls/new", kind="rating", title=f"Poll {len(story.told)}", statements="Here",
                  rule="percent_agreement")
    drafts = re.findall(r"/(polls/\d+/open\?terms=\w+)\"", finn.page().html)
    story.act("finn", drafts[0])
    story.act("finn", drafts[1])
    story.act("finn", drafts[1].replace("open", "close"))
    opened = {}
    for name in ONLOOKERS:
        visitor, socket = stage.visitor(name), stage.visitor(name).socket()
        page = visitor.page()
        assert socket.call("join", {"meeting": visitor.slug, "forum": page.forum, "after": page.after})["ok"]
        opened[name] = Open(visitor, LivePage(page.html), socket)
    for verb in ("go_live", "close", "reopen"):
        assert story.act("finn", f"sessions/1A/{verb}").endswith(("-> 200", "-> 302"))
        for name, old in opened.items():
            fresh = LivePage(stage.visitor(name).page().html)

            def is_same(old: Open = old, fresh: LivePage = fresh) -> bool:
                old.take()
                # The forms for answers stay as they are: somebody may be writing in one.
                return all(old.page.regions()[region] == shown for region, shown in fresh.regions().items()
                           if region != "discussion")
            try:
                until(is_same, seconds=3)
            except AssertionError:
                pytest.fail(f"the page of {name} differs after {verb}:\n{difference(old.page, fresh)}")


@pytest.mark.parametrize("seed", [1, 3])
def test_old_page_and_events_make_the_fresh_page(stage: Stage, seed: int) -> None:
    story = Story(stage, random.Random(seed))
    opened = {}
    for name in ONLOOKERS:
        visitor, socket = stage.visitor(name), stage.visitor(name).socket()
        page = visitor.page()
        assert socket.call("join", {"meeting": visitor.slug, "forum": page.forum, "after": page.after})["ok"]
        opened[name] = Open(visitor, LivePage(page.html), socket)
    for _ in range(16):
        story.next()
        for name, old in opened.items():
            fresh = LivePage(stage.visitor(name).page().html)
            drop_own_points(fresh)

            def is_same(old: Open = old, fresh: LivePage = fresh) -> bool:
                old.take()
                drop_own_points(old.page)
                return old.page.regions() == fresh.regions()
            try:
                until(is_same, seconds=3)
            except AssertionError:
                steps = "\n".join(story.told)
                pytest.fail(f"the page of {name} differs after:\n{steps}\n\n{difference(old.page, fresh)}")
    assert sum(old.applied for old in opened.values()) > 20
    assert find(opened["ben"].page.tree, "discussion") is not None


@pytest.mark.parametrize("seed", [5])
def test_old_page_and_catch_up_make_the_fresh_page(stage: Stage, seed: int) -> None:
    story = Story(stage, random.Random(seed))
    for _ in range(4):
        story.next()
    pages = {name: stage.visitor(name).page() for name in ONLOOKERS}
    for _ in range(20):
        story.next()
    for name, page in pages.items():
        visitor = stage.visitor(name)
        old = Open(visitor, LivePage(page.html), visitor.socket())
        answer = old.socket.call("join", {"meeting": visitor.slug, "forum": page.forum, "after": page.after})
        for fragment in answer["fragments"]:
            old.page.apply(fragment)
        old.take()
        fresh = LivePage(visitor.page().html)
        for one in (old.page, fresh):
            drop_own_points(one)
        assert old.page.regions() == fresh.regions(), (
            f"the page of {name} differs:\n{difference(old.page, fresh)}\n" + "\n".join(story.told))


def difference(old: LivePage, fresh: LivePage) -> str:
    """The first places where two pages differ, in few words."""
    found: list[str] = []

    def walk(path: str, one, other) -> None:
        if one == other or len(found) > 3:
            return
        if one is None or other is None or one[0] != other[0] or one[1:3] != other[1:3]:
            found.append(f"{path}: {str(one)[:400]}\n   fresh: {str(other)[:400]}")
            return
        if len(one[3]) != len(other[3]):
            found.append(f"{path}: {[dict(child[1]).get('id', child[0]) for child in one[3]]}\n"
                         f"   fresh: {[dict(child[1]).get('id', child[0]) for child in other[3]]}")
        for left, right in zip(one[3], other[3], strict=False):
            walk(f"{path} > {left[0]}#{dict(left[1]).get('id', '')}", left, right)
    for name, region in old.regions().items():
        walk(name, region, fresh.regions()[name])
    return "\n".join(found)
