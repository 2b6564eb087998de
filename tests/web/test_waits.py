"""Whoever is told to wait is told the true time, and the sentence and the answer's header say the same."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from limits import parse
from werkzeug.test import TestResponse

from sigforum.extensions import limiter
from sigforum.people import signing_routes
from tests.casting import Cast

SLUG = "cells-that-stay"
Asker = Callable[[], TestResponse]


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask) -> None:
    limiter.reset()


def askers(cast: Cast, app: Flask, sign_in) -> dict[str, Asker]:
    """What can be asked too often, by what it is."""
    nobody, ben, ada = app.test_client(), sign_in(cast.person("ben")), sign_in(cast.person("ada"))
    nobody.post("/sign-in", data={"email": "cyn@example.org"})
    return {
        "mails to one person": lambda: nobody.post("/sign-in", data={"email": "ben@example.org"}),
        "mails to everybody": lambda: nobody.post("/sign-in", data={"email": f"x{time.monotonic_ns()}@example.org"}),
        "codes": lambda: nobody.post("/sign-in/code", data={"code": "12"}),
        "guessed links": lambda: nobody.get(f"/sign-in/guess-{time.monotonic_ns()}"),
        "codes on the wall": lambda: ben.get("/j/GUESS"),
        "codes on the wall, of a stranger": lambda: nobody.get("/j/GUESS"),
        "passkeys": lambda: nobody.post("/sign-in/passkey"),
        "new addresses": lambda: ada.post("/account/address", data={"email": f"y{time.monotonic_ns()}@example.org"}),
        "pages": lambda: ben.get("/account"),
        "searches": lambda: ben.get(f"/meetings/{SLUG}/search?q=word"),
    }


def told_in_words(answer: TestResponse) -> int:
    """The wait that the page's sentence tells, in seconds."""
    number, unit = re.findall(r" in (\d+) (second|minute)s?\b", answer.get_data(as_text=True))[0]
    return int(number) * (60 if unit == "minute" else 1)


@pytest.mark.parametrize("name", [
    "mails to one person", "mails to everybody", "codes", "guessed links", "codes on the wall",
    "codes on the wall, of a stranger", "passkeys", "new addresses", "pages", "searches"])
def test_refusal_tells_the_true_wait_in_words_and_in_the_header(
        cast: Cast, app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(signing_routes, "MAILS_OF_AN_ADDRESS", parse("12 per minute"))
    for pace in app.extensions["paces"].values():
        monkeypatch.setattr(pace, "rate", 0.1)
        monkeypatch.setattr(pace, "burst", 5)
    ask = askers(cast, app, sign_in)[name]
    clock, later = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: clock() + later[0])
    steady = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: steady() + later[0])
    answers = [ask()]
    while answers[-1].status_code != 429 and len(answers) < 700:
        answers.append(ask())
    refused = answers[-1]
    assert refused.status_code == 429
    told = int(refused.headers["Retry-After"])
    assert told == told_in_words(refused) > 0
    later[0] = told - 61 if told > 90 else 0
    assert ask().status_code == 429, "who comes sooner than that is refused again"
    later[0] = told + 0.01
    assert ask().status_code != 429, "who waits as long as told is let in"
