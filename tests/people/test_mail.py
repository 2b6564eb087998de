"""Mail over a real SMTP server: each goes out once, failures are kept and tried again."""

import threading
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from flask import Flask

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import mail as post
from sigforum.people.actions import invite_people, request_sign_in, resend_invitation, revoke_membership
from sigforum.people.forms import parse_invitations
from sigforum.people.models import OutgoingMail
from tests.casting import Cast
from tests.serving import Mailbox, free_port, link_in, text_of

LIST = "name,email\nNew Person,new@example.org\nOdd Õne,o'odd+sig@example.org\n"


@pytest.fixture
def mailbox(app: Flask):
    """A real mail server, and the application told of it."""
    box = Mailbox()
    use(app, box.url)
    yield box
    box.stop()


def use(app: Flask, url: str) -> None:
    """Let the application send through this server."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_url=url)


def invite(cast: Cast, text: str = LIST) -> None:
    """Invite as ada."""
    invite_people(cast.viewer("ada"), parse_invitations(text, codes={}).people)


def wait_over() -> None:
    """Let the time pass that stands between two attempts."""
    db.session.execute(db.update(OutgoingMail).values(due_at=now()))
    db.session.commit()


def mails() -> list[tuple[str, str, int]]:
    """Every mail's address, state and attempts."""
    db.session.rollback()
    return [(mail.person.email, mail.state, mail.attempts)
            for mail in db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id))]


def test_invitation_arrives_with_a_link_that_works(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    invite(cast)
    assert mails() == [("new@example.org", "queued", 0), ("o'odd+sig@example.org", "queued", 0)]
    assert post.send_queued_mail() == 2
    assert mails() == [("new@example.org", "sent", 1), ("o'odd+sig@example.org", "sent", 1)]
    mail = mailbox.newest_to("new@example.org")
    assert mail["Subject"] == "Invitation: Cells that stay"
    assert "Dear New Person," in text_of(mail)
    assert "16–17 June 2026" in text_of(mail)
    assert "Dear Odd Õne," in text_of(mailbox.newest_to("o'odd+sig@example.org"))
    browser = app.test_client()
    path = link_in(mail).removeprefix("http://localhost")
    assert "Continue as New Person" in browser.get(path).get_data(as_text=True)
    assert browser.post(path, follow_redirects=True).request.path == f"/meetings/{cast.slug}"


def test_each_mail_has_its_own_link(cast: Cast, mailbox: Mailbox) -> None:
    invite(cast)
    request_sign_in("ben@example.org")
    resend_invitation(cast.viewer("ada"), cast.viewer("dov").membership_id)
    assert post.send_queued_mail() == 4
    assert len({link_in(mail) for mail in mailbox.messages}) == 4
    assert mailbox.newest_to("ben@example.org")["Subject"] == "Your sign-in link"


def test_nothing_is_sent_twice_by_running_twice(cast: Cast, mailbox: Mailbox) -> None:
    invite(cast)
    assert (post.send_queued_mail(), post.send_queued_mail()) == (2, 0)
    assert len(mailbox.messages) == 2


@pytest.mark.both_databases
def test_nothing_is_sent_twice_by_running_side_by_side(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    invite(cast, "name,email\n" + "".join(f"P{number},p{number}@example.org\n" for number in range(12)))
    db.session.remove()
    start = threading.Barrier(4)
    sent: list[int] = []

    def work() -> None:
        with app.app_context():
            start.wait()
            sent.append(post.send_queued_mail())
    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 12
    assert sorted(mail["To"] for mail in mailbox.messages) == sorted(f"p{number}@example.org" for number in range(12))


def test_server_that_is_down_is_tried_again_and_the_reason_is_kept(cast: Cast, app: Flask, sign_in) -> None:
    port = free_port()
    use(app, f"smtp://127.0.0.1:{port}")
    invite(cast)
    assert post.send_queued_mail() == 0
    assert mails() == [("new@example.org", "queued", 1), ("o'odd+sig@example.org", "queued", 1)]
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    assert page.count("Connection refused") == 2
    box = Mailbox()
    use(app, box.url)
    try:
        assert post.send_queued_mail() == 0, "a server that was down a moment ago is left in peace for a while"
        wait_over()
        assert post.send_queued_mail() == 2
        assert [mail["To"] for mail in box.messages] == ["new@example.org", "o'odd+sig@example.org"]
        assert {mail.last_error for mail in db.session.scalars(db.select(OutgoingMail))} == {""}
    finally:
        box.stop()


def test_after_the_last_attempt_a_mail_has_failed_and_can_be_sent_again(
        cast: Cast, app: Flask, sign_in) -> None:
    use(app, f"smtp://127.0.0.1:{free_port()}")
    invite(cast, "name,email\nNew,new@example.org\n")
    for _ in range(post.MOST_ATTEMPTS + 2):
        post.send_queued_mail()
        wait_over()
    assert mails() == [("new@example.org", "failed", post.MOST_ATTEMPTS)]
    browser = sign_in(cast.person("ada"))
    assert "Not delivered" in browser.get(f"/meetings/{cast.slug}/people").get_data(as_text=True)
    member = db.session.scalars(db.select(OutgoingMail)).one().person.memberships[0]
    assert browser.post(f"/meetings/{cast.slug}/people/{member.id}/resend").status_code == 302
    assert mails()[1:] == [("new@example.org", "queued", 0)]


def test_refused_address_keeps_the_reason_and_holds_up_nobody(cast: Cast, app: Flask) -> None:
    class Picky:
        """Takes mail for everybody but new@."""

        def __init__(self) -> None:
            self.taken: list[str] = []

        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
            """aiosmtpd's name for: may this person be written to?"""
            if address.startswith("new@"):
                return "550 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            """aiosmtpd's name for: here is a mail."""
            self.taken += envelope.rcpt_tos
            return "250 OK"
    picky = Picky()
    server = Controller(picky, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    server.start()
    try:
        use(app, f"smtp://127.0.0.1:{server.port}")
        invite(cast, LIST + "Ümlaut,ümlaut@example.org\nLast,last@example.org\n")
        assert post.send_queued_mail() == 2
    finally:
        server.stop()
    assert picky.taken == ["o'odd+sig@example.org", "last@example.org"]
    found = {mail.person.email: mail for mail in db.session.scalars(db.select(OutgoingMail))}
    assert "no such mailbox" in found["new@example.org"].last_error
    assert "SMTPUTF8" in found["ümlaut@example.org"].last_error
    assert [found[f"{name}@example.org"].state for name in ("new", "ümlaut")] == ["bounced", "bounced"]


def test_person_removed_before_the_mail_went_out_is_not_written_to(cast: Cast, mailbox: Mailbox) -> None:
    resend_invitation(cast.viewer("ada"), cast.viewer("dov").membership_id)
    invite(cast)
    revoke_membership(cast.viewer("ada"), cast.viewer("dov").membership_id)
    assert post.send_queued_mail() == 2
    assert mailbox.to("dov@example.org") == []


def test_mail_that_a_killed_worker_was_sending_goes_out(cast: Cast, mailbox: Mailbox) -> None:
    invite(cast, "name,email\nNew,new@example.org\n")
    db.session.scalars(db.select(OutgoingMail)).one().state = "sending"
    db.session.commit()
    assert post.send_queued_mail() == 0
    post.requeue_interrupted()
    assert post.send_queued_mail() == 1


def test_without_a_mail_server_mails_are_printed(cast: Cast, app: Flask, capsys) -> None:
    invite(cast, "name,email\nNew,new@example.org\n")
    assert post.send_queued_mail() == 1
    printed = capsys.readouterr().out
    assert "To: new@example.org" in printed
    path = printed[printed.index("http://localhost/sign-in/"):].split()[0].removeprefix("http://localhost")
    assert app.test_client().post(path).status_code == 302
    assert mails() == [("new@example.org", "sent", 1)]


def test_names_and_titles_cannot_add_headers(cast: Cast, mailbox: Mailbox) -> None:
    invite(cast, 'name,email\n"New\nBcc: eve",new@example.org\n')
    post.send_queued_mail()
    mail = mailbox.newest_to("new@example.org")
    assert mail["Bcc"] is None
    assert len(mailbox.messages) == 1


def test_server_that_wants_a_password_gets_it(cast: Cast, app: Flask) -> None:
    class Guarded(Mailbox):
        """Takes mail only after a sign-in."""

        def __init__(self) -> None:
            self.messages = []
            self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), auth_required=True,
                                         auth_require_tls=False, authenticator=self.check)
            self.controller.start()

        @staticmethod
        def check(server, session, envelope, mechanism, data):
            """Whether name and password are right."""
            return AuthResult(success=(data.login, data.password) == (b"ada@x", b"p:w/d"))
    box = Guarded()
    try:
        invite(cast, "name,email\nNew,new@example.org\n")
        use(app, f"smtp://127.0.0.1:{box.controller.port}")
        assert post.send_queued_mail() == 0
        wait_over()
        use(app, f"smtp://ada%40x:p%3Aw%2Fd@127.0.0.1:{box.controller.port}")
        assert post.send_queued_mail() == 1
    finally:
        box.stop()
    assert len(box.messages) == 1
