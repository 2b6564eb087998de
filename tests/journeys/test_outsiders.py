"""Who was not invited gets nothing: no page, no file, no form, no socket event; whoever asks, however they ask."""

import re
from urllib.parse import urlsplit

import pytest
import requests
import socketio
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.conftest import Browsers
from tests.journeys.scene import Scene
from tests.serving import Site

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("worker")]

# Words that only members may read: of the meeting, its people, its discussion, its polls.
SECRETS = ("Cells that stay", "Ben Participant", "cyn@example.org", "near the patient", "Who goes first",
           "How should cells be made", "Hospitals can do it")
START = ("", "/sessions/1A", "/sessions/1A/summary", "/people", "/people/invite", "/agenda", "/exports",
         "/sessions/1A/polls/new", "/responses/1/history", "/responses/1/edit", "/polls/3/ballot")


@pytest.fixture(scope="module")
def addresses(chromium: Browser, site: Site, scene: Scene) -> set[tuple[str, str]]:
    """Every address that stands in a page an organizer, facilitator or participant can open: (method, path)."""
    found: set[tuple[str, str]] = set()
    read = ""
    for name, paths in (("ada", START), ("finn", START[:2]), ("ben", START[:2])):
        context = chromium.new_context(base_url=site.url)
        page = context.new_page()
        steps.sign_in(page, scene.links[name])
        if name == "ada":
            _make_export(page, scene)
        for path in paths:
            page.goto(f"/meetings/{scene.slug}{path}", wait_until="domcontentloaded")
            found |= _addresses_on(page, scene)
            read += page.content()
        context.close()
    assert [secret for secret in SECRETS if secret not in read] == [], "a secret that no page holds proves nothing"
    assert len(found) > 40, "the crawl found too little to prove anything"
    assert any(path.endswith("-summary.md") for _, path in found), "the crawl found no download"
    return found


def _make_export(page: Page, scene: Scene) -> None:
    page.goto(f"/meetings/{scene.slug}/exports?session=1A")
    page.locator("button[name=format][value=markdown]").click()
    expect(page.locator(".job a")).to_be_visible(timeout=20_000)


def _addresses_on(page: Page, scene: Scene) -> set[tuple[str, str]]:
    links = page.eval_on_selector_all("a[href], [data-ballot]", "found => found.map(e => e.href || e.dataset.ballot)")
    forms = page.eval_on_selector_all("form[action]", "found => found.map(e => [e.method, e.getAttribute('action')])")
    buttons = page.eval_on_selector_all("[formaction]", "found => found.map(e => e.getAttribute('formaction'))")
    every = [("get", link) for link in links] + [tuple(form) for form in forms] + [("post", one) for one in buttons]
    return {(method, urlsplit(address).path) for method, address in every
            if urlsplit(address).path.startswith(f"/meetings/{scene.slug}")}


@pytest.mark.parametrize("name", ["nobody", "eve", "mal", "rex"])
def test_outsider_gets_no_page_and_no_form(
        browsers: Browsers, site: Site, scene: Scene, addresses: set[tuple[str, str]], name: str) -> None:
    browsers.expect("status of 40[14]")
    page = browsers.open() if name == "nobody" else browsers.of(scene.links[name])
    status = 401 if name == "nobody" else 404
    before = _rows(site)
    page.goto("/sign-in")
    token = page.locator("#act [name=csrf_token]").get_attribute("value") or ""
    for method, path in sorted(addresses):
        form = {"csrf_token": token, "text": "Let me in", "step": "send"}
        answer = page.request.get(path) if method == "get" else page.request.post(path, form=form)
        assert answer.status == status, f"{name} got {answer.status} from {method} {path}"
        body = answer.body().decode(errors="replace")
        assert not any(secret in body for secret in SECRETS), f"{name} read something at {path}"
    assert _rows(site) == before, f"{name} changed something"


@pytest.mark.parametrize("name", ["eve", "mal", "rex"])
def test_outsider_hears_nothing_on_a_socket(site: Site, scene: Scene, name: str) -> None:
    heard: list[object] = []
    socket = _socket(site, _cookies(site, scene.links[name]))
    socket.on("*", lambda event, *data: heard.append((event, data)))
    forum = site.rows("SELECT id FROM forum_sessions WHERE code = '1A' ORDER BY id LIMIT 1")[0][0]
    events = {"join": {"forum": forum, "after": 0},
              "cast": {"poll": scene.open_poll, "round": 1, "key": "an-outsiders-key", "form": {"abstain": "1"}}}
    for event, payload in events.items():
        answer = socket.call(event, {"meeting": scene.slug, **payload}, timeout=10)
        assert answer == {"ok": False, "status": 404, "error": answer["error"]}
    # A room of one's own meeting does not lead into another's forum session.
    if name == "mal":
        answer = socket.call("join", {"meeting": scene.cast.other_slug, "forum": forum, "after": 0}, timeout=10)
        assert answer["status"] == 404
    ben = _socket(site, _cookies(site, scene.links["ben"]))
    assert ben.call("join", {"meeting": scene.slug, "forum": forum, "after": 0}, timeout=10)["fragments"]
    assert ben.call("cast", {"meeting": scene.slug, "poll": scene.open_poll, "round": 1, "key": f"bens-key-{name}",
                             "form": {"abstain": "1"}}, timeout=10)["ok"]
    ben.sleep(0.5)
    assert heard == []
    for one in (socket, ben):
        one.disconnect()


def test_socket_without_a_sign_in_is_refused(site: Site) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        _socket(site, "")


def _socket(site: Site, cookies: str) -> socketio.Client:
    client = socketio.Client(reconnection=False)
    client.connect(site.url, headers={"Cookie": cookies}, transports=["websocket"])
    return client


def _cookies(site: Site, link: str) -> str:
    http = requests.Session()
    token = re.search(r'name="csrf_token" value="([^"]+)"', http.get(link, timeout=10).text)
    assert token is not None
    http.post(link, data={"csrf_token": token[1]}, timeout=10, allow_redirects=False)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in http.cookies)


def _rows(site: Site) -> list[object]:
    return [site.rows(f"SELECT count(*) FROM {table}") for table in (
        "responses", "vote_changes", "polls", "memberships", "export_jobs", "meeting_events", "outgoing_mails")]
