"""Answers are compressed for those who take it, where it is worth it, and stay the same answers."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sigforum.resources import resource
from sigforum.web.compression import WORTH_BYTES
from tests.casting import Cast

UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
SCRIPT = "vendor/socket.io.js"


@pytest.fixture
def ask(app: Flask, cast: Cast, sign_in) -> Callable[..., TestResponse]:
    """A function with which cyn's browser asks, saying which codings it takes."""
    browser: FlaskClient = sign_in(cast.person("cyn"))

    def ask(path: str, coding: str = "br, gzip", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.get(path, headers={"Accept-Encoding": coding, **named})
    return ask


def asset(app: Flask, path: str) -> str:
    """The address of a static file."""
    return str(app.jinja_env.globals["asset"](path))


@pytest.mark.parametrize(("takes", "coding"), [
    ("br, gzip", "br"), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("*", "br"), ("gzip, br;q=0.5", "gzip"),
    ("br;q=0, gzip", "gzip"), ("br;q=0, gzip;q=0", None), ("deflate", None), ("identity", None), ("", None)])
def test_page_comes_in_the_coding_the_browser_likes_best(ask, cast: Cast, takes: str, coding: str | None) -> None:
    answer = ask(f"/meetings/{cast.slug}/sessions/1A", takes)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    page = UNPACK[coding](answer.data)
    assert page.startswith(b"<!doctype html>")
    assert page.endswith(b"</html>")
    assert len(page) > 2 * len(answer.data) or coding is None


@pytest.mark.parametrize("takes", ["br", "gzip", ""])
@pytest.mark.parametrize("path", ["css/app.css", SCRIPT, "vendor/icons.svg"])
def test_asset_is_the_same_in_every_coding_and_asked_again_comes_as_unchanged(
        app: Flask, ask, path: str, takes: str) -> None:
    plain = ask(asset(app, path), "").data
    for _ in range(2):
        answer = ask(asset(app, path), takes)
        assert answer.headers.get("Content-Encoding") == (takes or None)
        assert UNPACK[takes or None](answer.data) == plain
        assert "immutable" in answer.headers["Cache-Control"]
        again = ask(asset(app, path), takes, If_None_Match=answer.headers["ETag"])
        assert (again.status_code, again.data) == (304, b"")
    if path != "css/app.css":
        assert plain == (resource("static") / path).read_bytes()


def test_asset_of_an_older_version_is_not_kept(app: Flask, ask) -> None:
    answer = ask(f"/static/older/{SCRIPT}", "br")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert UNPACK[answer.headers.get("Content-Encoding")](answer.data) == ask(asset(app, SCRIPT), "").data


def test_part_of_a_file_is_a_part_of_what_it_is(app: Flask, ask) -> None:
    answer = ask(asset(app, SCRIPT), "br", Range="bytes=10-1999")
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (resource("static") / SCRIPT).read_bytes()[10:2000]


def test_font_and_small_answer_stay_as_they_are(app: Flask, ask) -> None:
    font = next((resource("static") / "vendor").glob("*.woff2"))
    for path in (asset(app, f"vendor/{font.name}"), "/health"):
        answer = ask(path)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
    assert ask(asset(app, f"vendor/{font.name}")).data == font.read_bytes()
    assert len(ask("/health").data) < WORTH_BYTES


@pytest.mark.parametrize(("site", "coding"), [
    ("none", "br"), ("same-origin", "br"), ("same-site", None), ("cross-site", None)])
def test_page_that_another_site_asked_for_is_not_compressed(
        ask, cast: Cast, site: str, coding: str | None) -> None:
    answer = ask(f"/meetings/{cast.slug}/sessions/1A", Sec_Fetch_Site=site)
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == coding


def test_refusal_is_compressed_too_and_keeps_its_status(ask) -> None:
    answer = ask("/meetings/none-of-yours")
    assert answer.status_code == 404
    assert b"</html>" in UNPACK[answer.headers.get("Content-Encoding")](answer.data)
