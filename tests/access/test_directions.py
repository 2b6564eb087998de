"""Where everything is written from right to left, each text takes its direction from its own words, on every page and
on the wall: it stands in an element with dir="auto" or in <bdi>."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db, limiter
from sigforum.facilitation.actions import show_on_stage
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.access.matrix import ROWS
from tests.access.scene import Scene
from tests.ballots.polling import rating_answer, vote

# What people write; the columns and the keys of stored values that hold it.
WRITTEN = {"title", "intro", "question", "label", "theme", "modality", "text", "name", "affiliation", "owner", "reason",
           "stakeholder_group", "hidden_reason", "erratum", "reservations", "financial", "advocacy", "invited_name",
           "invited_affiliation", "name_here", "affiliation_here", "role_label", "low_label", "high_label", "unit",
           "yes_label", "no_label", "last_error"}
LETTER = re.compile("[\u0590-\u08ff]")
VOID = {"meta", "link", "input", "br", "hr", "img", "use", "wbr", "col"}


class Undirected(HTMLParser):
    """The texts of a page that are written from right to left and stand in no element of their own direction."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.seen, self.found = 0, []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        given = dict(attributes)
        if any("<bdi" in (value or "") or "dir=" in (value or "") for value in given.values()):
            self.found.append(f"marks inside an attribute: {given}")
        # The browser's own bar shows the title; drawings are directed by the style sheet.
        is_own = tag in ("bdi", "title", "svg", "script") or given.get("dir") == "auto"
        if tag in ("input", "textarea") and LETTER.search(given.get("value") or "") and (
                given.get("type") not in ("hidden", "radio", "checkbox") and not is_own):
            self.found.append(f"a field: {given}")
        if tag not in VOID:
            self.open.append((tag, is_own))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not LETTER.search(data):
            return
        self.seen += 1
        if not any(is_own for _, is_own in self.open):
            self.found.append(f"{'/'.join(tag for tag, _ in self.open)}: {data.strip()[:60]}")


def turned(value: Any, *, number: int) -> Any:
    """A stored value with what people wrote in another script."""
    if isinstance(value, dict):
        return {key: one if key == "rule" else f"نص مكتوب {number}" if key in WRITTEN and isinstance(one, str) and one
                else turned(one, number=number + place) for place, (key, one) in enumerate(value.items(), start=1)}
    if isinstance(value, list):
        return [turned(one, number=number + place) for place, one in enumerate(value)]
    return value


def written_from_right_to_left(scene: Scene) -> None:
    """Every stored text anew; the log, which is chained, gets an entry of its own."""
    with transaction():
        for table in db.metadata.sorted_tables:
            if table.name in ("audit_entries", "signing_keys"):
                continue
            keys = list(table.primary_key.columns)
            for number, row in enumerate(db.session.execute(table.select()).mappings().all()):
                changes = {}
                for column in table.columns:
                    value = row[column.name]
                    if column.name in WRITTEN and isinstance(value, str) and value and not column.primary_key:
                        changes[column.name] = f"نص مكتوب {number}"
                    elif isinstance(value, dict | list) and column.name not in ("told", "hours", "rule"):
                        changes[column.name] = turned(value, number=number)
                    elif column.name == "modalities":
                        changes[column.name] = ["طريقة", "أخرى"]
                if changes:
                    db.session.execute(table.update().where(*(key == row[key.name] for key in keys)).values(**changes))
    db.session.expire_all()


def pages(scene: Scene, name: str) -> dict[str, str]:
    """Every page that somebody may read, by its address."""
    found = {}
    for row in ROWS:
        if row.method == "GET":
            limiter.reset()
            answer = scene.browser(name).get(row.address(scene))
            assert answer.status_code == row.expected(name), row
            if answer.status_code < 300 and answer.mimetype == "text/html":
                found[row.address(scene)] = answer.get_data(as_text=True)
    return found


def wall(scene: Scene) -> dict[str, str]:
    """The wall and the console over each kind of poll, open, closed and revealed."""
    cast, found = scene.cast, {}
    finn = cast.viewer("finn")
    session = cast.forum_session().id
    browser = scene.browser("finn")

    def look(name: str) -> None:
        limiter.reset()
        for place in ("projector", "console"):
            answer = browser.get(f"/meetings/{cast.slug}/sessions/1A/{place}")
            assert answer.status_code == 200
            found[f"{place} {name}"] = answer.get_data(as_text=True)

    look("discussion")
    for kind, more in KINDS.items():
        poll = create_poll(finn, session, parse_poll({
            "kind": kind, "title": "سؤال للتصويت", "statements": "الأول\nالثاني\nالثالث", **more}))
        for verb in ("open", "close", "reveal"):
            move_poll(finn, poll.id, verb=verb)
            if verb == "open":
                answers = ANSWERS[kind]
                for name in ("cyn", "ben", "v0"):
                    vote(cast, name, poll, answers(poll), is_form=False)
            show_on_stage(finn, session, poll_id=poll.id)
            look(f"{kind} after {verb}")
    return found


KINDS: dict[str, dict[str, str]] = {
    "rating": {"rule": "median_iqr", "low_label": "أبدا", "high_label": "دائما"}, "single": {}, "approval": {},
    "agree": {}, "numeric": {"unit": "يوم"}, "text": {}, "ranking": {}, "multiple": {},
    "motion": {"rule": "two_thirds", "yes_label": "نعم", "no_label": "لا"},
    "matrix": {"criteria": "الأهمية\nالجدوى", "low_label": "أبدا", "high_label": "دائما"}}


def keys(poll: Any) -> list[str]:
    return [f"o{option.id}" for option in poll.options]


ANSWERS: dict[str, Any] = {
    "rating": lambda poll: rating_answer(poll, 7, 8, 9), "single": lambda poll: {"choice": keys(poll)[0]},
    "approval": lambda poll: {"approved": keys(poll)[:1]},
    "agree": lambda poll: {"votes": dict.fromkeys(keys(poll), "agree")},
    "numeric": lambda poll: {"estimates": dict.fromkeys(keys(poll), 4)},
    "text": lambda poll: {"texts": dict.fromkeys(keys(poll), "جواب حر")},
    "ranking": lambda poll: {"ranks": {key: place for place, key in enumerate(keys(poll), start=1)}},
    "multiple": lambda poll: {"chosen": keys(poll)[:2]},
    "motion": lambda poll: {"votes": dict.fromkeys(keys(poll), "yes")},
    "matrix": lambda poll: {"ratings": {key: {"c1": 2, "c2": 3} for key in keys(poll)}}}


@pytest.mark.parametrize("name", ["ada", "finn", "ben"])
def test_every_text_of_every_page_has_its_own_direction(scene: Scene, name: str) -> None:
    written_from_right_to_left(scene)
    post_response(scene.cast.viewer("ben"), NewResponse(
        question_id=scene.ids["question"], parent_id=None, key="another-response",
        text="جواب **مهم**\n\n- أولا\n- ثانيا"))
    read = {address: Undirected(page) for address, page in pages(scene, name).items()}
    assert {address: page.found for address, page in read.items() if page.found} == {}
    # There is something to be found: most pages name the meeting, and some are full of what people wrote.
    assert sum(page.seen for page in read.values()) > 5 * len(read)


def test_every_text_on_the_wall_and_the_console_has_its_own_direction(scene: Scene) -> None:
    written_from_right_to_left(scene)
    read = {name: Undirected(page) for name, page in wall(scene).items()}
    assert {name: page.found for name, page in read.items() if page.found} == {}
    assert min(page.seen for page in read.values()) >= 2


def test_text_without_a_direction_is_found_where_one_is_planted(scene: Scene) -> None:
    written_from_right_to_left(scene)
    address = f"/meetings/{scene.cast.slug}/sessions/1A"
    page = scene.browser("finn").get(address).get_data(as_text=True)
    assert Undirected(page).found == []
    for mark in (' dir="auto"', "<bdi>"):
        places = [place.start() for place in re.finditer(re.escape(mark), page)]
        assert len(places) > 5
        missed = [place for place in places if LETTER.search(page[place:place + 40].partition("<")[0])
                  and not Undirected(page[:place] + page[place + len(mark):]).found]
        assert missed == []


def test_latin_text_stands_as_it_did(scene: Scene) -> None:
    page = scene.browser("finn").get(f"/meetings/{scene.cast.slug}/sessions/1A").get_data(as_text=True)
    assert "Making cells" in page
    assert "<bdi>Making" not in page
