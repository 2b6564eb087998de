"""Setting a summary for A4 as tagged PDF (PDF/UA-1); loaded only where a PDF is made."""

import gc
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from sigforum.resources import resource
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.drawing import CHART_STYLE
from sigforum.summaries.printing import fill
from sigforum.summaries.sections import chapters

# An address that no network can answer; the fetcher below maps it to the static folder.
STATIC_ADDRESS = "https://static.invalid/"
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
    with _press, _uncollected():
        fonts, letters = _letters()
        pdf: bytes = HTML(string=html, base_url=STATIC_ADDRESS, url_fetcher=StaticFetcher()).write_pdf(
            stylesheets=[letters], font_config=fonts, pdf_variant="pdf/ua-1",
            pdf_identifier=hashes[:32].encode() or b"sigforum")
    return pdf


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
