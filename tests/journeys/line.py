"""The line between one browser and the server, which a story can cut, mend, and let swallow answers."""

from dataclasses import dataclass
from difflib import unified_diff

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene

# A browser tells its console of every request that finds nobody, and of words for a socket that is just ending.
NO_NETWORK = (r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection|ERR_CONNECTION_RESET|ERR_EMPTY"
              r"|ERR_FAILED|status of 400 .*transport=polling|WebSocket is already in CLOSING or CLOSED state")
BACK_MS = 15_000


# In the page: websockets that the story's line refuses, ends, slows down or robs of the answers to votes.
SOCKETS = """(() => {
  const Real = WebSocket, made = new Set(), state = () => localStorage.getItem("line");
  window.WebSocket = class extends Real {
    constructor(address) {
      super(HAS_SOCKETS && state() !== "cut" ? address : new URL("/nowhere", address));
      made.add(this);
    }
    set onmessage(work) {
      super.onmessage = event => state() === "swallows" && /^43.*"revision"/.test(event.data)
        || (state() === "slow" && /^40/.test(event.data) ? setTimeout(() => work(event), 2500) : work(event));
    }
  };
  window.endSockets = () => made.forEach(one => one.close());
})()"""


@dataclass
class Line:
    """Everything that a browser sends and gets. Pages themselves always come, so that a story can reload them."""

    context: BrowserContext
    has_sockets: bool = True
    state: str = "whole"

    def __post_init__(self) -> None:
        self.context.add_init_script(SOCKETS.replace("HAS_SOCKETS", str(self.has_sockets).lower()))
        self.context.route("**/*", self._request)

    def cut(self) -> None:
        """Let nothing through any more, and end what is open."""
        self._be("cut")
        for page in self.context.pages:
            page.evaluate("() => window.endSockets()")

    def swallow(self) -> None:
        """Let everything through, but lose the answers to votes on their way back."""
        self._be("swallows")

    def slow_down(self) -> None:
        """End what is open, and let the word that a new connection is taken come late."""
        self._be("slow")
        self.context.pages[0].evaluate("() => window.endSockets()")

    def mend(self) -> None:
        """Let everything through again."""
        self._be("whole")

    def _be(self, state: str) -> None:
        self.state = state
        self.context.pages[0].evaluate("state => localStorage.setItem('line', state)", state)

    def _request(self, route: Route) -> None:
        is_script, is_form = route.request.resource_type in ("fetch", "xhr"), route.request.method == "POST"
        if self.state == "cut" and (is_script or is_form):
            route.abort()
        elif self.state == "swallows" and "transport=polling" in route.request.url:
            # A page whose websocket is refused falls back to it, and would hear its answers there.
            route.abort()
        elif self.state == "swallows" and route.request.url.endswith("/votes"):
            route.fetch()
            route.abort()
        else:
            route.continue_()


@dataclass
class People:
    """Opens pages of the cast, each with a line of its own; somebody signs in by link once, and keeps the cookie."""

    browsers: Browsers
    scene: Scene
    cookies: dict[str, list]

    def page(self, name: str, *, path: str = "sessions/1A", size: tuple[int, int] = PHONE,
             has_sockets: bool = True) -> tuple[Page, Line]:
        """A page of the meeting in a fresh browser, hearing of changes, and its line."""
        self.browsers.expect(NO_NETWORK)
        if name in self.cookies:
            page = self.browsers.open(size=size)
            page.context.add_cookies(self.cookies[name])
        else:
            page = self.browsers.of(self.scene.links[name], size=size)
            self.cookies[name] = page.context.cookies()
        line = Line(page.context, has_sockets=has_sockets)
        page.goto(f"/meetings/{self.scene.slug}/{path}")
        live(page)
        return page, line


def live(page: Page) -> None:
    """Wait until the page hears of changes."""
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=BACK_MS)


# What a reader sees of the live parts, in a form that can be compared: tags, ids, classes, words and what is chosen.
REGIONS = """() => ["discussion", "poll-list", "priorities-list", "discussion-count"].map(id => {
  const seen = [];
  const walk = node => {
    // What has been read, saved and drafted is said in other words after a reload.
    if (node.id === "reading" || node.type === "hidden" || node.matches(".save-state, .composer-note")) return;
    const words = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.data.trim()).join(" ").trim();
    const classes = [...node.classList].filter(one => one !== "is-arriving").sort().join(".");
    seen.push([node.localName, node.id, classes, node.hasAttribute("data-ends-at") ? "" : words,
               node.checked ?? "", node.localName === "input" ? node.value : ""].join(" | "));
    for (const child of node.children) walk(child);
  };
  const region = document.getElementById(id);
  if (region) walk(region);
  return seen;
}).flat()"""


def assert_as_fresh(page: Page) -> None:
    """The page shows what its reader would get by loading it now."""
    fresh = page.context.new_page()
    fresh.goto(page.url)
    live(fresh)
    expect(fresh.locator("[data-ballot] > a")).to_have_count(0)
    difference = list(unified_diff(page.evaluate(REGIONS), fresh.evaluate(REGIONS), "page", "fresh", lineterm=""))
    assert not difference, "\n".join(difference)
    fresh.close()
