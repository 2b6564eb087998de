"""Setting a summary for A4 as tagged PDF (PDF/UA-1); loaded only where a PDF is made."""

import gc
import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from sigforum.resources import resource
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawing import CHART_STYLE
from sigforum.summaries.printing import fill
from sigforum.summaries.sections import chapters
from sigforum.web.rendering import plural

# An address that no network can answer; the fetcher below maps it to the static folder.
STATIC_ADDRESS = "https://static.invalid/"
_FIRST_PAGE = re.compile(r'<p class="running-session">.*?</p>', re.DOTALL)
# So many of the characters that are not drawn are named.
_MOST_NAMED = 12
# WeasyPrint styles drawings by their own style sheet alone, and reads their description from a title element.
_DRAWING = re.compile(r'<svg ([^>]*?)aria-label="([^"]*)"([^>]*)>')


class StaticFetcher(URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint the files of the static folder and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The file behind an address. Raises ValueError for every other address."""
        folder = resource("static").resolve()
        path = (folder / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if not url.startswith(STATIC_ADDRESS) or not path.is_relative_to(folder):
            raise ValueError(f"a summary loads nothing from {url}")
        kind = "font/ttf" if path.suffix == ".ttf" else "text/css"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


# The font library stamps the moment into each font it cuts down to the letters used, unless this says which.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


def typeset(summary: Summary) -> bytes:
    """The PDF. It holds no time of its own making, so that the same document gives the same bytes."""
    html = fill("summaries/pdf.html", summary=summary, chapters=chapters(summary), on_screen=False, on_paper=True,
                static=STATIC_ADDRESS,
                software=summary.documents[0].provenance.software if summary.documents else "sigforum")
    html = _DRAWING.sub(rf"<svg \1\3><title>\2</title><style>{CHART_STYLE}</style>", html)
    hashes = "".join(document.provenance.inputs_sha256 for document in summary.documents)
    identifier = hashes[:32].encode() or b"sigforum"
    with _press, _uncollected():
        pdf, missing = _pressed(html, identifier)
        if missing:
            # Boxes that nobody explains would be read as somebody's words.
            pdf, _ = _pressed(_FIRST_PAGE.sub(rf"\g<0>{_missing_note(missing)}", html, count=1), identifier)
    return pdf


def _pressed(html: str, identifier: bytes) -> tuple[bytes, list[str]]:
    """The PDF, and the characters that no font of this machine draws."""
    fonts, letters = _letters()
    missing = _Missing()
    LOGGER.addHandler(missing)
    try:
        pdf: bytes = HTML(string=html, base_url=STATIC_ADDRESS, url_fetcher=StaticFetcher()).write_pdf(
            stylesheets=[letters], font_config=fonts, pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    finally:
        LOGGER.removeHandler(missing)
    return pdf, sorted(missing.points)


class _Missing(logging.Handler):
    """Collects the characters that WeasyPrint warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.points: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Note the code points of one warning."""
        if ".notdef" in str(record.msg):
            self.points |= set(re.findall(r"U\+[0-9A-F]{4,6}", record.getMessage()))


def _missing_note(missing: list[str]) -> str:
    more = len(missing) - _MOST_NAMED
    shown = ", ".join(missing[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (f'<p role="note">This PDF cannot draw {plural(len(missing), "character")} that people typed; a box stands '
            f"for each ({shown}). The web page, the Word file and the data files hold them.</p>")


# The letters are shared by all documents of a process, and their library is not made for two threads at once.
_press = threading.Lock()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nothing look for garbage meanwhile: the boxes of a document are many and all in use, and walking over them
    again and again takes a tenth of the time. They go all at once at the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _letters() -> tuple[FontConfiguration, CSS]:
    """The project's letters, read and registered once: for each document anew they would take as long as a page."""
    fonts = FontConfiguration()
    return fonts, CSS(url=f"{STATIC_ADDRESS}vendor/print/fonts.css", url_fetcher=StaticFetcher(), font_config=fonts)
