"""What no page takes is refused before anything reads it: sizes, numbers of fields, signs that no database stores."""

import io
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.casting import Cast

SLUG = "cells-that-stay"
MANY_FIELDS = b"a&" * 5_000
LARGE = b"email=" + b"x" * 300_000
URLENCODED = "application/x-www-form-urlencoded"


def said(answer) -> str:
    """The refusal in a page's own words."""
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/sign-in/x", f"/meetings/{SLUG}/agenda", "/meetings/new",
                                  f"/meetings/{SLUG}/sessions/1A/responses"])
@pytest.mark.parametrize("body", [MANY_FIELDS, LARGE], ids=["many fields", "large"])
def test_stranger_sends_no_large_body_anywhere(cast: Cast, sign_in, path: str, body: bytes) -> None:
    answer = sign_in(None).post(path, data=body, content_type=URLENCODED)
    assert answer.status_code == 413
    assert "than" in said(answer)


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_multipart_of_many_parts_is_refused(cast: Cast, sign_in, path: str) -> None:
    body = b"".join(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' for _ in range(3_000)) + b"--x--\r\n"
    answer = sign_in(None).post(path, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


def test_json_and_unnamed_bodies_have_the_same_limit(cast: Cast, sign_in) -> None:
    for kind in ("application/json", "text/plain", "application/octet-stream"):
        assert sign_in(None).post("/sign-in", data=b"[" * 300_000, content_type=kind).status_code == 413


def test_member_sends_no_more_than_a_page_takes_and_is_told(cast: Cast, sign_in) -> None:
    ben = sign_in(cast.person("ben"))
    answer = ben.post(f"/meetings/{SLUG}/sessions/1A/responses", data={"text": "x" * 300_000},
                      headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json == {"ok": False, "error": "That is larger than this site takes.", "errors": {}}


def test_organizer_uploads_a_long_agenda(cast: Cast, sign_in) -> None:
    agenda = ("Cells\n16 June 2026\nDAY 1, June 16\nSlot 1: a\n1A. b\nCentral question: c?\n"
              + "<!-- nothing -->\n" * 30_000)
    answer = sign_in(cast.person("ada")).post("/meetings/new", content_type="multipart/form-data", data={
        "step": "preview", "file": (io.BytesIO(agenda.encode()), "agenda.md")})
    assert answer.status_code != 413


def test_organizers_upload_page_takes_no_endless_fields(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ada")).post("/meetings/new", data=b"a&" * 400_000, content_type=URLENCODED)
    assert answer.status_code == 413
    assert "1,000 fields" in said(answer)


def test_query_of_many_fields_is_refused(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.person("ben")).get(f"/meetings/{SLUG}/search?" + "a&" * 3_000)
    assert answer.status_code == 413


def paths(sign: str) -> list[str]:
    """Addresses with a sign at every kind of place where a page reads one."""
    return [f"/meetings/cells{sign}", f"/meetings/{SLUG}/sessions/1A{sign}", f"/{sign}", f"/static/x/{sign}",
            f"/sign-in/{sign}", f"/meetings/{SLUG}/{sign}"]


@pytest.mark.both_databases
@pytest.mark.parametrize("sign", ["%00", "%01", "%0a", "%7f", "%ed%a0%80"])
def test_path_with_a_sign_that_no_database_stores_is_not_found(cast: Cast, sign_in, sign: str) -> None:
    ben = sign_in(cast.person("ben"))
    assert {ben.get(path).status_code for path in paths(sign)} <= {404, 410}


@pytest.mark.both_databases
@pytest.mark.parametrize("value", ["\0", "x\0y", "\x7f" * 3, "\ufffe", "y" * 7_000, "\U0010ffff"])
def test_odd_values_in_queries_forms_and_headers_are_answered(cast: Cast, sign_in, value: str) -> None:
    ben = sign_in(cast.person("ben"))
    asked = [ben.get(f"/meetings/{SLUG}/search?q={quote(value)}"), ben.get(f"/meetings/{SLUG}?{quote(value)}=1"),
             ben.post(f"/meetings/{SLUG}/sessions/1A/responses", data={"text": value, "key": value, "question_id": 1}),
             ben.post(f"/meetings/{SLUG}/sessions/1A/read", data={"response_id": value}),
             ben.post("/sign-in", data={"email": f"{value}@example.org"}),
             ben.post("/sign-in/code", data={"code": value, value: value})]
    assert [answer.status_code for answer in asked if answer.status_code >= 500] == []


@pytest.mark.both_databases
@pytest.mark.parametrize("value", ["\0", "agent\x01", "x" * 7_000])
def test_browser_that_calls_itself_something_odd_breaks_nothing(cast: Cast, sign_in, value: str) -> None:
    browser: FlaskClient = sign_in(None)
    answer = browser.post("/sign-in", data={"email": "ben@example.org"}, headers={"User-Agent": "x"})
    odd = browser.post("/sign-in/code", data={"code": "000000"}, environ_overrides={"HTTP_USER_AGENT": value})
    assert answer.status_code == 302
    assert odd.status_code < 500


def test_passkey_answer_of_endless_brackets_is_refused(cast: Cast, sign_in) -> None:
    browser = sign_in(None)
    browser.post("/sign-in/passkey/options")
    answer = browser.post("/sign-in/passkey", data={"credential": "[" * 19_000})
    assert answer.status_code < 500
