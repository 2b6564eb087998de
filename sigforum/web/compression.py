"""Answers leave smaller than they are: as Brotli or gzip, whichever the browser takes."""

import gzip

import brotli
from flask import Flask, Response, request

from sigforum.web.turns import turns_of

# Less than this fits into one packet as it is.
WORTH_BYTES = 1000
TYPES = frozenset({
    "text/html", "text/css", "text/javascript", "text/plain", "text/csv", "text/markdown", "application/json",
    "application/yaml", "image/svg+xml"})
CODINGS = ("br", "gzip")
# A page is compressed while its reader waits: a better quality saves a tenth of the bytes and takes five times as
# long. An asset is compressed once.
FAST, SMALL = 1, 9


def bind(app: Flask) -> None:
    """Compress what is worth it. Files that are compressed by nature (fonts, pictures, exports) pass as they are,
    and sockets never come by here."""
    kept: dict[tuple[str, str], bytes] = {}

    @app.after_request
    def shrink(response: Response) -> Response:
        # Assets are compressed once and kept: there are as many as files, each under the hash of what it is.
        lasts = bool(response.cache_control.immutable)
        if not _is_worth_it(response, lasts=lasts):
            return response
        response.vary.add("Accept-Encoding")
        turns_of(app).rest()
        coding = _coding()
        if coding is None:
            return response
        etag, _ = response.get_etag()
        key = (etag or "", coding)
        response.direct_passthrough = False
        if lasts and etag:
            if key not in kept:
                kept[key] = compressed(response.get_data(), coding, quality=SMALL)
            small = kept[key]
        else:
            small = compressed(response.get_data(), coding, quality=FAST)
        response.set_data(small)
        response.headers["Content-Encoding"] = coding
        if etag:
            # The same thing in other bytes: that is what a weak tag says.
            response.set_etag(etag, weak=True)
        return response


def compressed(body: bytes, coding: str, *, quality: int) -> bytes:
    """A body in a coding; `quality` from 1, fast, to 9, small."""
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality))
    return gzip.compress(body, quality, mtime=0)


def _is_worth_it(response: Response, *, lasts: bool) -> bool:
    if response.status_code in (204, 206, 304) or "Content-Encoding" in response.headers:
        return False
    if response.mimetype not in TYPES or (response.is_streamed and not lasts):
        return False
    return (response.content_length or 0) >= WORTH_BYTES


def _coding() -> str | None:
    """The coding the browser likes best, Brotli where it likes both."""
    # A page holds a form token, and the length of a compressed page says whether a guess stands in it twice. To
    # guess, another site would have a signed-in browser ask again and again with words of its choice. Our cookie
    # goes with no request of another site but a visible navigation (SameSite=Lax), and those are not compressed.
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return None
    accepted = {coding: request.accept_encodings[coding] for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: accepted[coding])
    return best if accepted[best] > 0 else None
