"""The pages on which a summary is written and reviewed: what was typed stays, and what is told of a change makes the
page that one would get now."""

import random
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree.ElementTree import tostring

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sigforum.extensions import db
from sigforum.live.gateway import Onlooker, fragments_of
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.reviewing import write_position
from sigforum.summaries.writing import write_line
from sigforum.transaction import MeetingEvent
from tests.live.applying import LivePage, find
from tests.summaries.panel import STATEMENTS, Panel

JSON = {"Accept": "application/json"}


@dataclass
class Desk:
    """The browsers of those who write and review 1A's summary."""

    panel: Panel
    browsers: dict[str, FlaskClient]

    def url(self, path: str) -> str:
        return f"/meetings/{self.panel.cast.slug}/{path}"

    def get(self, name: str, path: str) -> str:
        answer = self.browsers[name].get(self.url(path))
        assert answer.status_code == 200, (name, path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, name: str, path: str, **fields: str):
        return self.browsers[name].post(self.url(path), data=fields)

    def act(self, name: str, path: str, **fields: str) -> dict:
        answer = self.browsers[name].post(self.url(path), data=fields, headers=JSON)
        return answer.get_json()

    def lines(self) -> list[str]:
        """The numbers of the lines on the desk, in order."""
        return re.findall(r'id="line-(\d+)"', self.get("finn", "sessions/1A/summary/edit"))


@pytest.fixture
def desk(panel: Panel, sign_in) -> Desk:
    """A drafted summary with its answer."""
    panel.rate()
    finn = panel.cast.viewer("finn")
    begin_summary(finn, panel.forum_session.id)
    write_line(finn, panel.forum_session.id, kind=LineKind.ANSWER, words=Wording(text="The answer."))
    return Desk(panel, {name: sign_in(panel.cast.person(name)) for name in ("finn", "p1", "p2", "olu")})


def test_what_was_typed_stays_with_its_error(desk: Desk) -> None:
    answer = desk.post("finn", "sessions/1A/summary/lines/new", kind="action", text="Write it up & <b>soon</b>",
                       owner="", due_on="next week")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write it up &amp; &lt;b&gt;soon&lt;/b&gt;" in page
    assert 'value="next week"' in page
    assert "Say who will do it" in page
    assert "year-month-day" in page
    assert len(desk.lines()) == 3


def test_reservations_without_words_are_asked_for_again(desk: Desk) -> None:
    desk.act("finn", "sessions/1A/summary/ask_review")
    revision = re.findall(r'name="revision" value="(\d+)"', desk.get("p1", "sessions/1A/summary/review"))[0]
    answer = desk.post("p1", "sessions/1A/summary/sign", revision=revision, listing="with_reservations",
                       may_be_quoted="1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Say what your reservations are" in page
    assert re.search(r'value="with_reservations" checked', page)
    assert re.search(r'name="may_be_quoted" value="1" checked', page)


@pytest.mark.parametrize("listing", ["listed", "not_listed"])
def test_reservations_are_never_dropped_by_another_choice(desk: Desk, listing: str) -> None:
    desk.act("finn", "sessions/1A/summary/ask_review")
    revision = re.findall(r'name="revision" value="(\d+)"', desk.get("p1", "sessions/1A/summary/review"))[0]
    answer = desk.post("p1", "sessions/1A/summary/sign", revision=revision, listing=listing,
                       reservations="Only for adults.")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "You wrote reservations" in page
    assert "Only for adults." in page
    assert "You answered" not in desk.get("p1", "sessions/1A/summary/review")


class Controls(HTMLParser):
    """The buttons of a page by their address, each with the form it belongs to; and what would be sent of each form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.owner, self.owners, self.first_buttons = "", dict[str, str](), dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.owner = found.get("id", "")
        if tag == "button":
            address, owner = found.get("formaction", ""), found.get("form", self.owner)
            self.owners[address] = owner
            self.first_buttons.setdefault(owner, address)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.owner = ""


@pytest.mark.parametrize("which", ["approve/1", "approve-rest"])
def test_approving_without_scripts_keeps_a_typed_reservation(desk: Desk, which: str) -> None:
    desk.act("finn", "sessions/1A/summary/ask_review")
    page = desk.get("p1", "sessions/1A/summary/review")
    controls = Controls(page)
    address = next(one for one in controls.owners if one.endswith(which))
    # The button sends the form in which the reservation stands, and Enter in that form presses no such button.
    assert controls.owners[address] == "signature"
    assert controls.first_buttons["signature"] == ""
    typed = {"revision": re.findall(r'name="revision" value="(\d+)"', page)[0], "listing": "with_reservations",
             "reservations": "Only for adults.\r\n\r\nAnd not at night.", "may_be_quoted": "1", "shown": "named"}
    answer = desk.browsers["p1"].post(address, data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "approved." in page.lower()
    assert "not saved yet" in page
    assert "Only for adults." in page
    assert re.search(r'value="with_reservations" checked', page)
    assert re.search(r'name="may_be_quoted" value="1" checked', page)
    # What was saved before is told to nobody as unsaved.
    assert desk.post("p1", "sessions/1A/summary/sign", **typed).status_code == 302
    assert desk.browsers["p1"].post(address, data=typed).status_code == 302


@pytest.mark.parametrize("which", ["approve/1", "approve-rest"])
def test_refused_approval_without_scripts_keeps_a_typed_reservation(desk: Desk, which: str) -> None:
    desk.act("finn", "sessions/1A/summary/ask_review")
    page = desk.get("p1", "sessions/1A/summary/review")
    address = next(one for one in Controls(page).owners if one.endswith(which))
    revision = re.findall(r'name="revision" value="(\d+)"', page)[0]
    line = re.search(r"lines/(\d+)/", next(one for one in Controls(page).owners if "approve/1" in one))[1]
    assert desk.act("finn", "sessions/1A/summary/edit_again")["ok"]
    assert desk.act("finn", f"lines/{line}/edit", text="Other words since.", wording="1")["ok"]
    assert desk.act("finn", "sessions/1A/summary/ask_review")["ok"]
    answer = desk.browsers["p1"].post(address, data={"revision": revision, "reservations": "Only for adults."})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "read it again" in page
    assert "Only for adults." in page



def test_stale_wording_is_refused_and_keeps_the_words(desk: Desk) -> None:
    line = desk.lines()[1]
    assert desk.act("finn", f"lines/{line}/edit", text="First words.", wording="1")["ok"]
    answer = desk.post("finn", f"lines/{line}/edit", text="Words of a stale window.", wording="1")
    assert answer.status_code == 409
    assert "Words of a stale window." in answer.get_data(as_text=True)


def test_statements_without_a_vote_are_brought_to_the_poll_form(desk: Desk) -> None:
    line = desk.lines()[1]
    desk.act("finn", f"lines/{line}/edit", text="Other words, not voted on.", wording="1")
    address = re.findall(r'href="([^"]+polls/new[^"]+)"', desk.get("finn", "sessions/1A/summary/edit"))[0]
    page = desk.browsers["finn"].get(address.replace("&amp;", "&")).get_data(as_text=True)
    assert re.search(r"<textarea[^>]*>Other words, not voted on\.</textarea>", page)


def test_summary_page_shows_the_draft_to_its_chair_only(desk: Desk) -> None:
    assert "The answer." in desk.get("finn", "sessions/1A/summary/draft")
    assert "The answer." not in desk.get("p1", "sessions/1A/summary")
    desk.act("finn", "sessions/1A/summary/ask_review")
    assert "The answer." in desk.get("olu", "sessions/1A/summary")


def test_versions_can_be_read_and_compared(desk: Desk) -> None:
    for verb in ("ask_review", "close_review", "publish"):
        assert desk.act("finn", f"sessions/1A/summary/{verb}")["ok"]
    assert desk.act("finn", "sessions/1A/summary/correct", reason="A wrong word.")["ok"]
    line = desk.lines()[1]
    assert desk.act("finn", f"lines/{line}/edit", text="The right word.", wording="1")["ok"]
    for verb in ("ask_review", "close_review", "publish"):
        assert desk.act("finn", f"sessions/1A/summary/{verb}")["ok"]
    changes = desk.get("p1", "sessions/1A/summary/versions/2/changes")
    assert "A wrong word." in changes
    assert re.search(r"<ins>.*The right word\.", changes)
    assert re.search(r"<del>.*" + re.escape(STATEMENTS[0]), changes)
    assert "This version was corrected" in desk.get("p1", "sessions/1A/summary/versions/1")
    assert "This version was corrected" not in desk.get("p1", "sessions/1A/summary")


REGIONS = re.compile(r'id="((?:summary-state|summary-editor|review|minority)-[^"]+)"')
PAGES = {"finn": "sessions/1A/summary/edit", "p1": "sessions/1A/summary/review", "p2": "sessions/1A/summary/review",
         "olu": "sessions/1A/summary"}


def seen(page: LivePage, identifiers: list[str]) -> dict[str, str]:
    """The pieces that events change, as texts that can be compared."""
    found = {identifier: find(page.tree, identifier) for identifier in identifiers}
    return {identifier: re.sub(r"\s+", " ", tostring(element, encoding="unicode")) if element is not None else ""
            for identifier, element in found.items()}


def hold(desk: Desk, name: str, number: str) -> dict:
    """Hold a position in the words of its page."""
    words = re.findall(r'name="words" value="(\w+)"', desk.get(name, f"minority/{number}"))
    return desk.act(name, f"minority/{number}/hold", words=words[0], shown="named")


@pytest.mark.parametrize("seed", range(4))
def test_old_page_and_events_make_the_fresh_page(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    desk.act("finn", "sessions/1A/summary/ask_review")
    pages = {name: LivePage(desk.get(name, path)) for name, path in PAGES.items()}
    last = db.session.scalar(select(MeetingEvent.number).order_by(MeetingEvent.number.desc()).limit(1)) or 0
    numbers, told = [line for line in desk.lines() if line], []
    for step in range(12):
        name, line = chance.choice(["p1", "p2"]), chance.choice(numbers)
        kind = chance.choice(["approve", "comment", "dissent", "whole", "hold"])
        if kind == "approve":
            told.append(desk.act(name, f"lines/{line}/approve/1"))
        elif kind == "whole":
            told.append(desk.act(name, "sessions/1A/summary/minority", text=f"On the whole {step} & <b>",
                                 shown="named"))
        elif kind == "hold":
            held = re.findall(r"/minority/(\d+)", desk.get("p1", PAGES["p1"]))
            told.append(hold(desk, name, chance.choice(held)) if held else {"ok": True})
        else:
            told.append(desk.act(name, f"lines/{line}/review", stance=kind, text=f"Words {step}", wording="1",
                                 shown="named"))
    assert all(answer["ok"] for answer in told), told
    events = db.session.scalars(select(MeetingEvent).where(MeetingEvent.number > last).order_by(MeetingEvent.number))
    payloads = [(event.kind, dict(event.payload)) for event in events]
    assert len(payloads) > 5
    forum_session = desk.panel.forum_session
    for name, page in pages.items():
        viewer = desk.panel.cast.viewer(name)
        for event, payload in payloads:
            is_own = payload.get("person_id") == viewer.person_id
            for fragment in fragments_of(event, payload, Onlooker(
                    audience=viewer.audience(forum_session.id), person_id=viewer.person_id if is_own else None)):
                page.apply({"id": fragment.id, "html": fragment.html, "version": fragment.version,
                            "into": fragment.into})
        html = desk.get(name, PAGES[name])
        identifiers = sorted(set(REGIONS.findall(html)))
        assert seen(page, identifiers) == seen(LivePage(html), identifiers), name


def carried(page: str, address: str) -> dict[str, str]:
    """What the form with this address carries unseen."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'action="{address}"' in one)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


@pytest.mark.parametrize(("page", "target", "typed"), [
    ("lines/{line}/review?stance=comment", "lines/{line}/review", {"text": "Costs are left out."}),
    ("lines/{line}/review?stance=dissent", "lines/{line}/review", {"text": "Costs are left out."}),
    ("sessions/1A/summary/minority", "sessions/1A/summary/minority", {"text": "Costs are left out."}),
    ("minority/{own}", "minority/{own}", {"text": "Costs are left out."}),
    ("minority/{other}", "minority/{other}/hold", {}),
    ("sessions/1A/summary/review", "sessions/1A/summary/sign", {
        "listing": "with_reservations", "reservations": "Costs are left out.", "may_be_quoted": "1"})])
def test_what_is_given_without_a_name_asks_before_it_carries_one(
        desk: Desk, whole_database, page: str, target: str, typed: dict[str, str]) -> None:
    desk.act("finn", "sessions/1A/summary/ask_review")
    own, other = (desk_position(desk, name) for name in ("p1", "p2"))
    # The form is loaded while the session names nobody, and sent when it names people.
    page, target = (one.format(line=desk.lines()[0], own=own, other=other) for one in (page, target))
    desk.panel.attribute("chatham")
    loaded = carried(desk.get("p1", page), desk.url(target))
    desk.panel.attribute("named")
    before = whole_database()
    refused = desk.post("p1", target, **loaded, **typed)
    assert refused.status_code == 409
    told = refused.get_data(as_text=True)
    assert "what you write here now stands with your name and affiliation" in told
    assert all(value in told for name, value in typed.items() if name in ("text", "reservations"))
    assert whole_database() == before
    renewed = carried(desk.get("p1", page), desk.url(target))
    assert (loaded["shown"], renewed["shown"]) == ("chatham", "named")
    assert desk.post("p1", target, **renewed, **typed).status_code == 302


def desk_position(desk: Desk, name: str) -> int:
    """A minority position of somebody, written under the rule of now."""
    return write_position(desk.panel.cast.viewer(name), desk.panel.forum_session.id, text=f"Not as {name} sees it").id
