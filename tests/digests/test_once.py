"""Never twice and never lost: killed between queuing and noting, two workers at once, servers that refuse; and how
many queries it takes."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from sigforum.digests import planning
from sigforum.digests.domain import Pace
from sigforum.digests.models import DigestWindow
from sigforum.digests.planning import plan_digests
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.people import mail as post
from sigforum.people.domain import MailState
from sigforum.people.models import OutgoingMail
from tests.ballots.polling import add_voters, make_poll
from tests.casting import Cast
from tests.digests.posting import LATER, addresses, begin, choice, part, say, send
from tests.people.test_mail_once import Moody
from tests.serving import Mailbox


class Killed(BaseException):
    """What stops a worker in the middle, as a signal would."""


def mails() -> list[OutgoingMail]:
    db.session.rollback()
    return list(db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)))


@pytest.mark.both_databases
@pytest.mark.parametrize("moment", ["gather", "_move_on", "_looked"])
def test_worker_killed_while_queuing_leaves_all_or_nothing(
        cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    begin(cast)
    say(cast, "ben", "Something new")
    done = getattr(planning, moment)

    def die(*arguments, **options):
        done(*arguments, **options)
        raise Killed
    with monkeypatch.context() as patched:
        patched.setattr(planning, moment, die)
        with pytest.raises(Killed):
            plan_digests(now() + LATER)
    assert mails() == []
    assert send() == 4
    assert send() == 0
    assert len(addresses(mailbox)) == 4


def test_worker_killed_after_queuing_sends_each_once(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Something new")
    assert plan_digests(now() + LATER) == 4
    # The next worker begins with planning again.
    assert plan_digests(now() + LATER) == 0
    post.requeue_interrupted()
    assert post.send_queued_mail() == 4
    assert send() == 0


def test_worker_killed_while_sending_sends_nothing_twice(
        cast: Cast, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the server has the mail, and before that is noted: nobody can know, so it is not sent again."""
    begin(cast)
    say(cast, "ben", "Something new")
    plan_digests(now() + LATER)

    def die(*_arguments, **_options):
        raise Killed
    with monkeypatch.context() as patched:
        patched.setattr(post, "_finish", die)
        with pytest.raises(Killed):
            post.send_queued_mail()
    assert len(mailbox.messages) == 1
    post.requeue_interrupted()
    assert post.send_queued_mail() == 3
    assert len(set(addresses(mailbox))) == len(addresses(mailbox)) == 4
    assert [mail.state for mail in mails()].count(MailState.UNSURE) == 1


@pytest.mark.both_databases
def test_two_workers_at_once_queue_one_mail_each(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    begin(cast)
    say(cast, "ben", "Something new")
    db.session.remove()
    start, counts = threading.Barrier(3), []

    def work() -> None:
        with app.app_context():
            start.wait()
            counts.append(plan_digests(now() + LATER))
            db.session.remove()
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 4
    assert len(mails()) == 4


def test_mail_that_waits_takes_in_what_came_since(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    begin(cast, paces={"ada": Pace.NEVER, "finn": Pace.NEVER, "olu": Pace.NEVER})
    say(cast, "ben", "Said on the first day")
    with Moody(to_recipient="451 later") as moody:
        _through(app, moody.url)
        assert send() == 0
    say(cast, "ben", "Said on the second day")
    _through(app, mailbox.url)
    assert send(now() + 2 * LATER) == 1
    assert len(mails()) == 1, "one mail and not two"
    text = part(mailbox.newest_to("cyn@example.org"), "plain")
    assert "Said on the first day" in text
    assert "Said on the second day" in text


def _through(app: Flask, url: str) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = type(settings)(**{**vars(settings), "smtp_url": url})


def test_retried_mail_keeps_its_number(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    begin(cast, paces={"ada": Pace.NEVER, "finn": Pace.NEVER, "olu": Pace.NEVER})
    say(cast, "ben", "Something new")
    with Moody("451 later") as moody:
        _through(app, moody.url)
        assert send() == 0
        number = mails()[0].message_id
        assert send() == 1
    assert number.encode() in moody.taken[0]


def test_mailbox_that_refuses_is_left_alone_for_a_week(cast: Cast, app: Flask, mailbox: Mailbox) -> None:
    begin(cast, paces={"ada": Pace.NEVER, "finn": Pace.NEVER, "olu": Pace.NEVER})
    say(cast, "ben", "Said on the first day")
    with Moody(to_recipient="550 nobody here") as moody:
        _through(app, moody.url)
        assert send() == 0
    _through(app, mailbox.url)
    say(cast, "ben", "Said on the second day")
    assert send(now() + 2 * LATER) == 0
    assert [mail.state for mail in mails()] == [MailState.BOUNCED]
    assert send(now() + timedelta(days=8)) == 1
    assert "Said on the second day" in part(mailbox.newest_to("cyn@example.org"), "plain")


def test_windows_follow_each_other_without_a_gap(cast: Cast, mailbox: Mailbox) -> None:
    begin(cast)
    for day in range(1, 4):
        say(cast, "ben", f"Said on day {day}")
        send(now() + day * LATER)
    db.session.rollback()
    windows = db.session.execute(
        db.select(DigestWindow.after_number, DigestWindow.up_to_number)
        .join(OutgoingMail, OutgoingMail.id == DigestWindow.mail_id)
        .where(OutgoingMail.person_id == cast.ids["cyn"]).order_by(OutgoingMail.id)).all()
    assert len(windows) == 3
    assert [window[0] for window in windows[1:]] == [window[1] for window in windows[:-1]]
    assert choice(cast, "cyn").told_up_to == windows[-1][1]


def test_queries_depend_neither_on_people_nor_on_news(cast: Cast, mailbox: Mailbox, counted_queries) -> None:
    """All who are due are looked after together; what one mail takes does not grow with what it tells."""
    plans, sends = [], []
    add_voters(cast, 3)
    begin(cast)
    for day, (people, items) in enumerate(((0, 3), (27, 30)), start=1):
        add_voters(cast, 3 + people)
        plan_digests(now() + (2 * day - 1) * LATER)
        for number in range(items):
            say(cast, "ben", f"Thing {day}.{number}")
        for number in range(items // 3):
            make_poll(cast, upto="open", title=f"Poll {day}.{number}")
        with counted_queries() as statements:
            queued = plan_digests(now() + 2 * day * LATER)
        plans.append(len(statements))
        assert queued == 5 + 3 + people
        with counted_queries() as statements:
            assert post.send_queued_mail() == queued
        sends.append(len(statements) / queued)
    assert plans[1] <= plans[0] + 3
    assert sends[1] <= sends[0] + 3
    assert plans[0] < 60


def test_minute_in_which_nothing_is_due_costs_few_queries(cast: Cast, mailbox: Mailbox, counted_queries) -> None:
    add_voters(cast, 30)
    begin(cast)
    say(cast, "ben", "Something new")
    with counted_queries() as statements:
        assert plan_digests(now() + timedelta(seconds=1)) == 0
    assert len([one for one in statements if one.startswith("SELECT")]) <= 4
