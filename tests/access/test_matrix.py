"""Every address is tried by everybody, and those who may not get nothing and change nothing."""

import pytest

from sigforum.extensions import limiter
from tests.access.matrix import ROWS, Row
from tests.access.scene import CANARIES, EVERYBODY, MEMBERS, Scene


def everything_in(answer) -> str:
    """All that an answer tells: its body and its headers."""
    # A ZIP is no text; what the copy of one's own data holds is tested where it is made.
    return answer.get_data().decode(errors="replace") + str(answer.headers)


def send(scene: Scene, row: Row, name: str, *, slug: str | None = None):
    """Use a row's address as somebody, who does it for the first time."""
    limiter.reset()
    return scene.browser(name).open(row.address(scene, slug=slug), method=row.method, data=row.form(scene))


def test_every_rule_of_the_application_has_a_row(scene: Scene) -> None:
    rules = {(rule.endpoint, method) for rule in scene.app.url_map.iter_rules()
             for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert {(row.endpoint, row.method) for row in ROWS} == rules, "give each new route a row in matrix.py"


def test_every_row_leads_where_it_says(scene: Scene) -> None:
    for row in ROWS:
        adapter = scene.app.url_map.bind("localhost")
        assert adapter.match(row.address(scene).partition("?")[0], method=row.method)[0] == row.endpoint, row


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_gets_what_they_may_have_and_nothing_else(scene: Scene, row: Row) -> None:
    before = scene.rows()
    statuses = {}
    for name in sorted(EVERYBODY, key=lambda name: row.expected(name) < 400):
        answer = send(scene, row, name)
        statuses[name] = answer.status_code
        if name not in MEMBERS:
            leaked = [canary for canary in CANARIES if canary != row.told and canary in everything_in(answer)]
            assert not leaked, f"{name} was told {leaked}"
        if row.expected(name) >= 400 or row.method == "GET":
            assert scene.rows() == before, f"{row} as {name} changed something"
        else:
            assert scene.rows() != before, f"{row} as {name} changed nothing, so it proves nothing"
            scene.put_back()
    assert statuses == {name: row.expected(name) for name in EVERYBODY}


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_asking_for_the_head_tells_and_changes_no_more(scene: Scene, row: Row) -> None:
    before = scene.rows()
    for name in EVERYBODY:
        answer = scene.browser(name).head(row.address(scene))
        assert (answer.status_code, answer.get_data()) == (row.expected(name), b"")
    assert scene.rows() == before


@pytest.mark.parametrize("canary", CANARIES)
def test_each_canary_is_there_to_be_leaked(scene: Scene, canary: str) -> None:
    pages = [row for row in ROWS if row.method == "GET" and "ada" in row.allowed.split()]
    assert any(canary in everything_in(send(scene, row, "ada")) for row in pages)


@pytest.mark.parametrize("row", [row for row in ROWS if "{slug}" in row.path], ids=str)
def test_organizer_of_another_meeting_reaches_nothing_through_the_own_one(scene: Scene, row: Row) -> None:
    before = scene.rows()
    answer = send(scene, row, "mal", slug=scene.cast.other_slug)
    assert not [canary for canary in CANARIES if canary in everything_in(answer)]
    is_of_one_row = "{" in row.path.removeprefix("/meetings/{slug}")
    if is_of_one_row or "question_id" in row.data:
        assert answer.status_code == 404
        assert scene.rows() == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "POST" and not row.is_one_click], ids=str)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_form_without_a_token_is_refused_to_all(scene: Scene, row: Row, accept: str) -> None:
    scene.app.config["WTF_CSRF_ENABLED"] = True
    before = scene.rows()
    for name in {row.allowed.split()[0], "nobody"}:
        for token in ({}, {"csrf_token": "made-up"}):
            answer = scene.browser(name).post(
                row.address(scene), data=row.form(scene) | token, headers={"Accept": accept})
            assert answer.status_code == 400
            assert "another site" in answer.get_data(as_text=True)
            assert scene.rows() == before


@pytest.mark.parametrize("name", ["rex", "eve", "nobody"])
def test_made_up_addresses_look_like_those_that_exist(scene: Scene, name: str) -> None:
    browser = scene.browser(name)
    real, unreal = (browser.get(f"/meetings/{slug}/sessions/1A") for slug in (scene.cast.slug, "made-up"))
    assert real.status_code == unreal.status_code
    nonce = [answer.headers.pop("Content-Security-Policy") for answer in (real, unreal)]
    assert nonce[0] != nonce[1]
    def is_same_everywhere(line: str) -> bool:
        return "nonce=" not in line and "csrf_token" not in line
    pages = [[line for line in answer.get_data(as_text=True).splitlines() if is_same_everywhere(line)]
             for answer in (real, unreal)]
    assert pages[0] == pages[1]
    assert len(pages[0]) > 10
