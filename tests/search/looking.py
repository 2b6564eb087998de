"""Searching as people do, and reading what the page says."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote_plus

from flask.testing import FlaskClient

from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.casting import Cast

_HIT = re.compile(r'<article class="hit">(.*?)</article>', re.DOTALL)
_LINK = re.compile(r'<a class="hit-link" href="([^"]+)">(.*?)</a>', re.DOTALL)
_TEXT = re.compile(r'<p class="hit-text" dir="auto">(.*?)</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Seen:
    """A hit as it stands on the page: where it leads, what it is called, its words, and those that are marked."""

    address: str
    label: str
    text: str
    marks: tuple[str, ...]
    html: str = field(repr=False, compare=False)


@dataclass(frozen=True)
class Page:
    """A page of results."""

    html: str

    @property
    def hits(self) -> list[Seen]:
        """What it lists."""
        return [self._seen(one) for one in _HIT.findall(self.html)]

    @property
    def texts(self) -> list[str]:
        """The words of what it lists."""
        return [one.text for one in self.hits]

    @property
    def counts(self) -> dict[str, int]:
        """The numbers beside the kinds."""
        found = re.findall(r'<a class="chip is-link"[^>]*>([^<]+) <span class="chip-count">(\d+)</span>', self.html)
        return {words: int(count) for words, count in found}

    @staticmethod
    def _seen(html: str) -> Seen:
        address, label = _LINK.findall(html)[0]
        text = _TEXT.findall(html)[0]
        marks = tuple(unescape(one) for one in re.findall("<mark>(.*?)</mark>", text, re.DOTALL))
        return Seen(unescape(address), unescape(_TAG.sub("", label)), unescape(_TAG.sub("", text)), marks, html)


def search(browser: FlaskClient, cast: Cast, words: str, **filters: str) -> Page:
    """The page of results for some words."""
    rest = "".join(f"&{name}={quote_plus(value)}" for name, value in filters.items())
    answer = browser.get(f"/meetings/{cast.slug}/search?q={quote_plus(words)}{rest}")
    assert answer.status_code == 200, answer.status
    return Page(answer.get_data(as_text=True))


def say(cast: Cast, name: str, text: str, *, question: int = 0, code: str = "1A",
        parent: Response | None = None) -> Response:
    """Post a response as somebody, or a reply."""
    return post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session(code).asked[question].id, parent_id=parent.id if parent else None,
        key=f"key-{name}-{abs(hash(text))}", text=text))
