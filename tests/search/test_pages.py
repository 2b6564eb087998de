"""The page of search: what it lists, where it leads, how it turns over, and what it makes of odd words."""

import re
from html import unescape

import pytest

from sigforum.summaries.actions import move_summary
from sigforum.summaries.domain import LineKind, Wording
from sigforum.summaries.drafting import begin_summary
from sigforum.summaries.reviewing import write_position
from sigforum.summaries.writing import write_line
from sigforum.threads.actions import hide_response
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll
from tests.casting import Cast
from tests.search.looking import say, search
from tests.search.test_domain import ODD


@pytest.fixture
def rich(cast: Cast) -> Cast:
    """The cast, with the word `potency` in everything that is searched."""
    chair, place = cast.viewer("finn"), cast.forum_session().id
    first = say(cast, "ben", "A **potency** assay, see [here](https://potency.example).")
    say(cast, "cyn", "Which pótency?", parent=first)
    make_poll(cast, upto="open", title="About potency", statements="Potency by matrix\nSomething else")
    begin_summary(chair, place)
    for kind in LineKind:
        write_line(chair, place, kind=kind, words=Wording(text=f"Potency as {kind.replace('_', ' ')}", owner="Office"))
    move_summary(chair, place, verb="ask_review")
    write_position(cast.viewer("cyn"), place, text="Potency is *no* measure.")
    with transaction():
        cast.forum_session().title = "Making potency"
        cast.forum_session("1B").asked[0].wording.text = "How potent, and of what potency?"
    return cast


@pytest.mark.both_databases
def test_every_kind_of_place_is_found_with_its_words_marked(rich: Cast, sign_in) -> None:
    page = search(sign_in(rich.person("cyn")), rich, "POTENCY")
    found = [(hit.label, hit.text, hit.marks) for hit in page.hits]
    assert found == [
        ("1A Session", "Making potency. Manufacturing", ("potency",)),
        ("1B Central question", "How potent, and of what potency?", ("potency",)),
        ("1A Answer", "Potency as answer", ("Potency",)),
        ("1A Statement", "Potency as statement", ("Potency",)),
        ("1A Open question", "Potency as open question", ("Potency",)),
        ("1A Action", "Potency as action", ("Potency",)),
        ("1A Minority position", "Potency is no measure.", ("Potency",)),
        ("1A Poll", "About potency", ("potency",)),
        ("1A In the poll “About potency”", "Potency by matrix", ("Potency",)),
        ("1A Reply", "Which pótency?", ("pótency",)),
        ("1A Response", "A potency assay, see here.", ("potency",)),
    ]
    assert page.counts == {"Everything": 11, "Sessions": 1, "Questions": 1, "Summaries": 5, "Polls": 2,
                           "Responses and replies": 2}


def test_every_hit_leads_to_its_very_place(rich: Cast, sign_in) -> None:
    browser = sign_in(rich.person("cyn"))
    hits = search(browser, rich, "potency").hits
    assert len(hits) == 11
    for hit in hits:
        path, _, anchor = hit.address.partition("#")
        answer = browser.get(path)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert not anchor or f'id="{anchor}"' in page, hit.address
        beginning = hit.text.split(",")[0].split(".")[0]
        plain = re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", page))).replace("\u2060", "")
        assert beginning in plain, hit


def test_draft_of_a_summary_leads_its_chair_to_where_it_is_written(cast: Cast, sign_in) -> None:
    chair, place = cast.viewer("finn"), cast.forum_session().id
    begin_summary(chair, place)
    write_line(chair, place, kind=LineKind.STATEMENT, words=Wording(text="About potency"))
    browser = sign_in(cast.person("finn"))
    hit = search(browser, cast, "potency").hits[0]
    path, _, anchor = hit.address.partition("#")
    assert f'id="{anchor}"' in browser.get(path).get_data(as_text=True)
    assert "Draft, seen by those who chair" in hit.html


def test_filters_keep_to_a_session_and_a_kind(rich: Cast, sign_in) -> None:
    browser = sign_in(rich.person("olu"))
    assert [hit.label for hit in search(browser, rich, "potency", session="1B").hits] == ["1B Central question"]
    page = search(browser, rich, "potency", kind="poll")
    assert len(page.hits) == 2
    # The other kinds can still be chosen.
    assert page.counts["Everything"] == 11
    for filters in ({"session": "9Z"}, {"kind": "nonsense"}, {"session": "1B", "kind": "poll"}):
        page = search(browser, rich, "potency", **filters)
        assert page.hits == []
        assert "Search all sessions" in page.html


@pytest.mark.both_databases
@pytest.mark.parametrize(("words", "is_found"), [
    ("clösed SYSTEMS", True), ("closed systems", True), ("syst closed", False), ("closed sys", True),
    ('"closed systems"', True), ('"systems closed"', False), ("CAR-T", True), ("car t", True), ("T-CAR", False),
    ("creme brule", True), ("clos", True), ("losed", False), ("closed hospitals", False), ("1.5", True),
])
def test_words_beginnings_and_phrases(cast: Cast, sign_in, words: str, is_found: bool) -> None:
    say(cast, "ben", "In **clösed** systems of CAR-T, at 1.5 %, like Crème brûlée.")
    say(cast, "ben", "Hospitals are something else.")
    assert bool(search(sign_in(cast.person("cyn")), cast, words).hits) is is_found


@pytest.mark.both_databases
def test_odd_words_are_answered_like_all_others(rich: Cast, sign_in) -> None:
    browser = sign_in(rich.person("ben"))
    for words in [*ODD, '"potency" OR *', "potency\x00", "(potency", "potency:*"]:
        answer = browser.get(f"/meetings/{rich.slug}/search", query_string={"q": words.encode("utf-8", "replace")})
        # Characters that end a text are refused in every address.
        assert answer.status_code == (422 if "\x00" in words else 200), words
    for query in ("q=%ff%fe", "q=potency&page=-1", "q=potency&page=x", "q=potency&page=99999999999", "q=a&q=b",
                  "session=9Z", "q=potency&page=²"):
        assert browser.get(f"/meetings/{rich.slug}/search?{query}").status_code == 200, query


def test_text_is_shown_and_never_run(cast: Cast, sign_in) -> None:
    say(cast, "ben", "A potency <script>alert(1)</script> `<img src=x onerror=alert(1)>` & more")
    page = search(sign_in(cast.person("cyn")), cast, "potency <script> alert")
    assert page.texts == ["A potency <script>alert(1)</script> <img src=x onerror=alert(1)> & more"]
    assert "<script>alert" not in page.html
    assert "<img" not in page.html
    assert page.hits[0].marks == ("potency", "script", "alert", "script", "alert")


def test_results_turn_over_in_pages_that_hold_every_place_once(cast: Cast, sign_in) -> None:
    for number in range(45):
        say(cast, "ben", f"Potency number {number}")
    browser = sign_in(cast.person("cyn"))
    pages = [search(browser, cast, "potency", page=str(number)) for number in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 5]
    assert len({hit.address for page in pages for hit in page.hits}) == 45
    assert "Page 2 of 3" in pages[1].html
    assert [page.counts["Everything"] for page in pages] == [45] * 4
    # Newest first.
    assert pages[0].texts[0] == "Potency number 44"


def test_more_places_than_are_looked_at_are_spoken_of(cast: Cast, sign_in) -> None:
    with transaction():
        for number in range(205):
            say(cast, "ben", f"Potency number {number}")
    page = search(sign_in(cast.person("cyn")), cast, "potency")
    assert page.counts["Everything"] == 200
    assert "older places" in page.html


@pytest.mark.both_databases
def test_number_of_queries_is_the_same_for_3_and_30_places(cast: Cast, sign_in, counted_queries) -> None:
    browser, numbers = sign_in(cast.person("cyn")), []
    for code, attribution in (("1A", "role"), ("1B", "role")):
        with transaction():
            cast.forum_session(code).attribution = attribution

    def grow(count: int) -> None:
        for number in range(count):
            code = "1A" if number % 2 else "1B"
            say(cast, "ben" if number % 3 else "cyn", f"Potency {code} {number} of {count}", code=code)
        make_poll(cast, upto="open", title="Potency", statements="\n".join(f"Potency {n}" for n in range(count)))
    for count in (3, 30):
        grow(count)
        search(browser, cast, "potency")
        with counted_queries() as statements:
            assert len(search(browser, cast, "potency", kind="response").hits) >= min(count, 18)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] < 30, numbers


def test_nothing_found_and_nothing_asked_help_on(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("cyn"))
    empty, nothing = search(browser, cast, ""), search(browser, cast, '"no such" thing')
    assert "What was said, and where?" in empty.html
    assert "Nothing found" in nothing.html
    assert "Leave the quotes out" in nothing.html
    assert "fewer words" in nothing.html
    assert "There is no word in it" in search(browser, cast, "…!").html


def test_hidden_words_are_marked_as_such_for_those_who_find_them(cast: Cast, sign_in) -> None:
    hide_response(cast.viewer("finn"), say(cast, "ben", "A potency price").id, reason="A price")
    assert "Hidden from the room" in search(sign_in(cast.person("finn")), cast, "potency").hits[0].html


def test_every_page_of_a_meeting_has_the_box(cast: Cast, sign_in) -> None:
    browser = sign_in(cast.person("cyn"))
    for path in ("", "/sessions/1A", "/summary", "/exports"):
        page = browser.get(f"/meetings/{cast.slug}{path}").get_data(as_text=True)
        assert f'action="/meetings/{cast.slug}/search"' in page
        assert 'aria-keyshortcuts="/"' in page
    assert "data-search-box" not in browser.get("/account").get_data(as_text=True)
