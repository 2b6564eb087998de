"""A browser that has asked for a sign-in mail, and the mail it waits for."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sigforum.extensions import db
from sigforum.people.composing import compose
from sigforum.people.models import OutgoingMail


@dataclass
class Waiting:
    """The browser in which an address was given."""

    browser: FlaskClient
    address: str = "127.0.0.1"

    def type(self, code: str) -> TestResponse:
        """Type a code on the page."""
        return self.browser.post("/sign-in/code", data={"code": code}, environ_base={"REMOTE_ADDR": self.address})


def ask(app: Flask, email: str, *, address: str = "127.0.0.1") -> Waiting:
    """Give an address in a fresh browser."""
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": address})
    assert (answer.status_code, answer.location) == (302, "/sign-in/code")
    return Waiting(browser, address)


def mailed() -> tuple[str, str]:
    """(path of the link, code) in the newest sign-in mail, made as the worker makes it."""
    mail = db.session.scalars(
        db.select(OutgoingMail).where(OutgoingMail.template == "sign_in").order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    message = compose(mail)
    assert message is not None
    text = message.get_content()
    link, code = re.search(r"http://localhost(/sign-in/\S+)", text), re.search(r"\b(\d{3}) (\d{3})\b", text)
    assert link is not None
    assert code is not None
    return link[1], code[1] + code[2]


def other_than(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
