"""The line between one browser and the server, which a story can cut, mend, and let swallow answers."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.journeys.conftest import PHONE, Browsers
from tests.journeys.scene import Scene

# A browser tells its console of every request that finds nobody.
NO_NETWORK = (r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection|ERR_CONNECTION_RESET|ERR_EMPTY"
              r"|ERR_FAILED|ERR_NETWORK")
BACK_MS = 15_000


@dataclass
class Line:
    """Everything that a browser sends and gets. Pages themselves always come, so that a story can reload them."""

    context: BrowserContext
    is_cut: bool = False
    has_sockets: bool = True
    # Whether the answers to votes are lost on the way back.
    swallows: bool = False
    swallowed: list[str] = field(default_factory=list)
    _open: list[WebSocketRoute] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.route("**/*", self._request)
        self.context.route_web_socket("**/*", self._socket)

    def cut(self) -> None:
        """Let nothing through any more, and end what is open."""
        self.is_cut = True
        for socket in self._open:
            socket.close()
        self._open.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self.is_cut = self.swallows = False

    def _request(self, route: Route) -> None:
        is_live = "/socket.io/" in route.request.url
        if self.is_cut and (is_live or route.request.method == "POST"):
            route.abort()
        elif self.swallows and route.request.method == "POST" and not is_live:
            self.swallowed.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    def _socket(self, socket: WebSocketRoute) -> None:
        if self.is_cut or not self.has_sockets:
            socket.close()
            return
        self._open.append(socket)
        server = socket.connect_to_server()

        def forward(message: str | bytes) -> None:
            # The acknowledgement of an event, and of a vote by what it holds.
            if self.swallows and isinstance(message, str) and message.startswith("43") and '"revision"' in message:
                self.swallowed.append(message)
            else:
                socket.send(message)
        server.on_message(forward)


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
    if (node.id === "reading" || node.type === "hidden" || node.classList.contains("save-state")) return;
    const words = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.data.trim()).join(" ").trim();
    const classes = [...node.classList].filter(one => one !== "is-arriving").sort().join(".");
    seen.push([node.localName, node.id, classes, node.hasAttribute("data-ends-at") ? "" : words,
               node.checked ?? "", node.localName === "input" ? node.value : ""].join(" | "));
    for (const child of node.children) walk(child);
  };
  const region = document.getElementById(id);
  if (region) walk(region);
  return seen.join("\\n");
})"""


def assert_as_fresh(page: Page) -> None:
    """The page shows what its reader would get by loading it now."""
    fresh = page.context.new_page()
    fresh.goto(page.url)
    live(fresh)
    expect(fresh.locator("[data-ballot] > a")).to_have_count(0)
    assert page.evaluate(REGIONS) == fresh.evaluate(REGIONS)
    fresh.close()
