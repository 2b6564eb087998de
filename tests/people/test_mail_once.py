"""Never twice: what a crash, a refusal or a broken line does to a mail at each moment of its way out."""

import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from sigforum.cli import main
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import mail as post
from sigforum.people.domain import MailKind, MailState
from sigforum.people.models import OutgoingMail
from sigforum.people.outbox import save_wording
from tests.casting import Cast
from tests.people.test_mail import invite, mails, use, wait_over
from tests.serving import ROOT, Mailbox, free_port

ONE = "name,email\nNew,new@example.org\n"


def only_mail() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(db.select(OutgoingMail)).one()


class Moody:
    """An SMTP server that answers the end of each mail as it is told to; it keeps what it took."""

    def __init__(self, *answers: str, to_recipient: str = "250 OK") -> None:
        self.answers, self.to_recipient, self.taken = list(answers), to_recipient, []
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()

    async def handle_RCPT(self, _server: Any, _dialogue: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        """aiosmtpd's name for: may this person be written to?"""
        if self.to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _dialogue: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd's name for: here is a mail."""
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            self.taken.append(envelope.content)
        return answer

    def __enter__(self) -> "Moody":
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.controller.port}"


@contextmanager
def breaking(*, after_dot: bool) -> Iterator[tuple[str, list[bytes]]]:
    """A server that closes the connection in the middle of the mail, or right after its last line, unanswered."""
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as wire:
                wire.write(b"220 here\r\n")
                wire.flush()
                in_mail = False
                for said in wire:
                    if in_mail:
                        heard.append(said)
                        if said == b".\r\n" or not after_dot:
                            break
                        continue
                    in_mail = said.startswith(b"DATA")
                    wire.write(b"354 go on\r\n" if in_mail else b"250 OK\r\n")
                    wire.flush()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}", heard
    finally:
        listening.close()


def test_refusal_for_good_is_a_bounce_and_is_not_tried_again(cast: Cast, app: Flask) -> None:
    with Moody("554 too spammy") as server:
        use(app, server.url)
        invite(cast, ONE)
        assert post.send_queued_mail() == 0
        wait_over()
        assert post.send_queued_mail() == 0
    assert mails() == [("new@example.org", MailState.BOUNCED, 1)]
    assert only_mail().last_error == "554 too spammy"
    assert server.taken == []


@pytest.mark.parametrize("at", ["recipient", "data"])
def test_greylisted_mail_waits_longer_each_time_and_keeps_its_number(cast: Cast, app: Flask, at: str) -> None:
    invite(cast, ONE)
    waits, numbers = [], []
    with Moody(*["451 later"] * 3 if at == "data" else []) as server:
        use(app, server.url)
        for _ in range(3):
            if at == "recipient":
                server.to_recipient = "450 greylisted"
            assert post.send_queued_mail() == 0
            mail = only_mail()
            assert mail.state == MailState.QUEUED
            waits.append(round((mail.due_at - now()).total_seconds() / 60))
            numbers.append(mail.message_id)
            assert post.send_queued_mail() == 0, "before its time it is not tried"
            wait_over()
        server.to_recipient = "250 OK"
        assert post.send_queued_mail() == 1
    assert waits == [1, 5, 15]
    assert len(set(numbers)) == 1
    content, = server.taken
    assert numbers[0].encode() in content


def test_mail_that_is_refused_each_time_fails_after_two_days(cast: Cast, app: Flask) -> None:
    assert timedelta(days=1) < sum(post.PATIENCE, timedelta()) < timedelta(days=3)
    invite(cast, ONE)
    with Moody(to_recipient="451 never now") as server:
        use(app, server.url)
        for _ in range(post.MOST_ATTEMPTS + 1):
            post.send_queued_mail()
            wait_over()
    assert mails() == [("new@example.org", MailState.FAILED, post.MOST_ATTEMPTS)]


def test_line_that_breaks_before_the_last_line_cannot_have_delivered(cast: Cast, app: Flask) -> None:
    invite(cast, ONE)
    with breaking(after_dot=False) as (url, heard):
        use(app, url)
        assert post.send_queued_mail() == 0
    assert b".\r\n" not in heard
    # Small mails fit into the network's buffers, and the break shows only behind the last line: then it is unsure.
    assert only_mail().state in (MailState.QUEUED, MailState.UNSURE)


def test_line_that_breaks_behind_the_last_line_leaves_it_unsure_and_unsent(
        cast: Cast, app: Flask, sign_in) -> None:
    invite(cast, ONE)
    with breaking(after_dot=True) as (url, heard):
        use(app, url)
        assert post.send_queued_mail() == 0
        assert heard[-1] == b".\r\n"
        wait_over()
        assert post.send_queued_mail() == 0
    assert mails() == [("new@example.org", MailState.UNSURE, 1)]
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert "Perhaps delivered" in page
    assert "It may have arrived" in page
    outbox = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people/outbox/invitation").get_data(as_text=True)
    assert "perhaps delivered" in outbox


@pytest.mark.parametrize(("left", "becomes"), [
    (MailState.SENDING, MailState.QUEUED), (MailState.HANDED, MailState.UNSURE), (MailState.SENT, MailState.SENT),
    (MailState.BOUNCED, MailState.BOUNCED), (MailState.WITHDRAWN, MailState.WITHDRAWN)])
def test_what_a_killed_worker_left_is_sent_again_only_if_it_cannot_have_gone(
        cast: Cast, left: MailState, becomes: MailState) -> None:
    invite(cast, ONE)
    only_mail().state = left
    db.session.commit()
    post.requeue_interrupted()
    assert only_mail().state == becomes


def test_worker_that_lost_its_mail_to_another_does_not_send_the_last_line(
        cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second worker's start puts the mail back into the queue while the first is in the middle of it."""
    invite(cast, ONE)
    compose = post.compose

    def slow(mail: OutgoingMail) -> Any:
        message = compose(mail)
        post.requeue_interrupted()
        return message
    with Moody() as server:
        use(app, server.url)
        monkeypatch.setattr(post, "compose", slow)
        assert post.send_queued_mail() == 0
        assert server.taken == []
        monkeypatch.setattr(post, "compose", compose)
        assert post.send_queued_mail() == 1
        assert len(server.taken) == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_worker_sends_nothing_twice(cast: Cast, app: Flask, tmp_path: Path, moment: str) -> None:
    """A real worker process is killed while the server holds its answer back, before or after the mail's last line."""
    invite(cast, ONE)
    db.session.remove()
    held, taken = threading.Event(), []

    class Slow:
        """Waits where the worker is to be killed."""

        async def handle_RCPT(self, _server: Any, _dialogue: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
            """aiosmtpd's name for: may this person be written to?"""
            envelope.rcpt_tos.append(address)
            if moment == "before":
                held.set()
                time.sleep(1)
            return "250 OK"

        async def handle_DATA(self, _server: Any, _dialogue: Any, envelope: Any) -> str:  # noqa: N802
            """aiosmtpd's name for: here is a mail."""
            taken.append(envelope.content)
            if moment == "after":
                held.set()
                time.sleep(1)
            return "250 OK"
    server = Controller(Slow(), hostname="127.0.0.1", port=free_port())
    server.start()
    settings = app.config["SETTINGS"]
    environ = {"SIGFORUM_SECRET_KEY": settings.secret_key, "SIGFORUM_INSTANCE": str(settings.instance),
               "SIGFORUM_SMTP_URL": f"smtp://127.0.0.1:{server.port}", "PATH": "/usr/bin:/bin"}
    log = (tmp_path / "worker.log").open("wb")
    worker = subprocess.Popen([sys.executable, "-m", "sigforum", "work"], cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        assert held.wait(timeout=60)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
        time.sleep(1.5)
        moment_of_truth = MailState.SENDING if moment == "before" else MailState.HANDED
        assert only_mail().state == moment_of_truth
        held.clear()
        use(app, f"smtp://127.0.0.1:{server.port}")
        post.requeue_interrupted()
        assert post.send_queued_mail() == (1 if moment == "before" else 0)
        assert only_mail().state == (MailState.SENT if moment == "before" else MailState.UNSURE)
    finally:
        worker.kill()
        worker.wait(timeout=10)
        server.stop()
        log.close()
    assert len(taken) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key beside it."""
    folder = tmp_path_factory.mktemp("tls")
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        capture_output=True, check=False)
    if made.returncode:
        pytest.skip("openssl is not here to make a certificate")
    return folder / "cert.pem"


@contextmanager
def tls_mailbox(certificate: Path, *, is_from_the_start: bool) -> Iterator[tuple[Mailbox, str]]:
    """A real mail server with TLS that takes mail only after a sign-in inside it."""
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.load_cert_chain(certificate, certificate.with_name("key.pem"))
    box = Mailbox.__new__(Mailbox)
    box.messages = []

    def check(_server: Any, _dialogue: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ada@x", b"p:w/d"), handled=False)
    options: dict[str, Any] = {"auth_required": True, "authenticator": check}
    options |= ({"ssl_context": trusted, "auth_require_tls": False} if is_from_the_start else
                {"tls_context": trusted, "require_starttls": True})
    box.controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    box.controller.start()
    scheme, query = ("smtps", "") if is_from_the_start else ("smtp", "/?starttls")
    try:
        yield box, f"{scheme}://ada%40x:p%3Aw%2Fd@127.0.0.1:{box.controller.port}{query}"
    finally:
        box.controller.stop()


@pytest.mark.parametrize("is_from_the_start", [True, False], ids=["smtps", "starttls"])
def test_mail_goes_through_tls_and_a_sign_in(
        cast: Cast, app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch, is_from_the_start: bool) -> None:
    invite(cast, ONE)
    with tls_mailbox(certificate, is_from_the_start=is_from_the_start) as (box, url):
        use(app, url)
        assert post.send_queued_mail() == 0
        assert "certificate verify failed" in only_mail().last_error, "a server that cannot prove itself gets nothing"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        wait_over()
        use(app, url.replace("p%3A", "wrong"))
        assert post.send_queued_mail() == 0
        assert "535" in only_mail().last_error
        wait_over()
        use(app, url)
        assert post.send_queued_mail() == 1
        assert [mail["To"] for mail in box.messages] == ["new@example.org"]


def test_many_mails_share_one_connection(cast: Cast, app: Flask) -> None:
    connections: list[Any] = []

    class Counting(Mailbox):
        """Counts who says hello."""

        async def handle_EHLO(self, _server: Any, dialogue: Any, _envelope: Any, hostname: str, answers: Any) -> Any:  # noqa: N802
            """aiosmtpd's name for: somebody has connected."""
            connections.append(dialogue)
            dialogue.host_name = hostname
            return answers
    box = Counting()
    try:
        use(app, box.url)
        invite(cast, "name,email\n" + "".join(f"P{number},p{number}@example.org\n" for number in range(9)))
        assert post.send_queued_mail() == 9
    finally:
        box.stop()
    assert len(box.messages) == 9
    assert len({id(one) for one in connections}) == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(cast: Cast, app: Flask) -> None:
    text = "Dear {name},\n.\n..two\n.end\n{link}\n"
    with Moody() as server:
        use(app, server.url)
        save_wording(cast.viewer("ada"), MailKind.INVITATION, subject="Dots", text=text)
        invite(cast, ONE)
        assert post.send_queued_mail() == 1
    assert b"\r\n.\r\n..two\r\n.end\r\n" in server.taken[0]


def command(app: Flask, address: str, **changed: Any) -> Any:
    """`sigforum mail test ADDRESS` in this process, against this application's settings."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **changed)
    return CliRunner().invoke(main, ["mail", "test", address], obj=ScriptInfo(create_app=lambda: app))


def test_command_says_what_the_mail_server_answered(cast: Cast, app: Flask) -> None:
    with Moody() as server:
        done = command(app, "ada@example.org", smtp_url=server.url)
        assert (done.exit_code, "took the mail" in done.output) == (0, True)
        assert b"To: ada@example.org" in server.taken[0]
        server.to_recipient = "550 nobody here"
        done = command(app, "ada@example.org", smtp_url=server.url)
        assert (done.exit_code, "refused the mail: 550 nobody here" in done.output) == (1, True)
    done = command(app, "ada@example.org", smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert (done.exit_code, bool(re.search(r"cannot be used: .*refused", done.output))) == (1, True)
    assert command(app, "nobody").exit_code == 1
    printed = command(app, "ada@example.org", smtp_url="")
    assert "not sent" in printed.output
