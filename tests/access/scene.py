"""Everybody who could come to the door, signed in once, before a meeting in which there is something to see."""

import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from sigforum.agenda.models import Meeting
from sigforum.ballots.actions import create_poll, move_poll
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.ballots.recusing import recuse
from sigforum.digests.actions import choose_pace, stop_by_link
from sigforum.digests.domain import Pace
from sigforum.digests.tokens import token_for
from sigforum.exports.actions import request_export
from sigforum.exports.domain import ExportState
from sigforum.exports.forms import parse_export
from sigforum.exports.making import run_export
from sigforum.exports.models import ExportJob
from sigforum.extensions import db
from sigforum.facilitation.queries import stage
from sigforum.oversight.models import PurgeCertificate
from sigforum.people.inviting_models import ListImport
from sigforum.people.links import make_link
from sigforum.threads.actions import hide_response, post_response, withdraw_response
from sigforum.threads.forms import NewResponse
from sigforum.transaction import transaction
from tests.access.summarised import summaries_in
from tests.ballots.earlier import earlier_terms
from tests.ballots.polling import rating_answer, vote
from tests.casting import AGENDA, OTHER_AGENDA, Cast
from tests.previewing import seen_on

# Words that only members may ever read: a response, a poll, a person, and the meeting's own title.
CANARIES = ("canary of a response", "canary of a poll", "canary of a draft", "canary of lines",
            "Cyn Participant", "Cells that stay", "Making cells")
# dov was invited and holds a link he has not used; nobody has neither link nor invitation.
MEMBERS = ("ada", "finn", "gus", "ben", "cyn", "olu")
OUTSIDERS = ("rex", "eve", "mal")
UNKNOWN = ("dov", "nobody")
# What the organizer brings.
LIST = "name,email\nNew,new@example.org"
NEWER_AGENDA = AGENDA.replace("Making", "Growing").replace("Cells that stay", "Cells that grow")
EVERYBODY = MEMBERS + OUTSIDERS + UNKNOWN


@dataclass
class Scene:
    """The application, the browsers, and a database that can be put back as it was."""

    app: Flask
    cast: Cast
    database: Path
    ids: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    watcher: sqlite3.Connection | None = None
    kept_version: int = 0
    read_version: int | None = None
    read: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kept(self) -> Path:
        """The copy of the database that is put back."""
        return self.database.with_suffix(".kept")

    def keep(self) -> None:
        """Remember the database as it is now."""
        self.let_go()
        shutil.copy(self.database, self.kept)
        self._watch()

    def put_back(self) -> None:
        """Undo everything since."""
        db.session.remove()
        if self._version() != self.kept_version:
            self.let_go()
            shutil.copy(self.kept, self.database)
            self._watch()

    def browser(self, name: str) -> FlaskClient:
        """A browser in which the named person is signed in, or nobody."""
        browser = self.app.test_client()
        if name in self.cookies:
            browser.set_cookie("sigforum", self.cookies[name])
        return browser

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table; read again only when somebody has written since."""
        db.session.rollback()
        version = self._version()
        if version != self.read_version:
            with db.engine.connect() as connection:
                self.read = {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                             for table in db.metadata.sorted_tables}
            self.read_version = version
        return self.read

    def _version(self) -> int:
        """A number that SQLite changes whenever another connection has committed something."""
        assert self.watcher is not None
        return int(self.watcher.execute("PRAGMA data_version").fetchone()[0])

    def _watch(self) -> None:
        self.watcher = sqlite3.connect(self.database)
        self.kept_version, self.read_version = self._version(), None

    def let_go(self) -> None:
        """Close every connection; all that was written is in the file itself."""
        if self.watcher is not None:
            self.watcher.close()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


def set_scene(app: Flask, cast: Cast, database: Path) -> Scene:
    """Let people speak, ask and vote, and sign everybody in who can."""
    scene = Scene(app, cast, database)
    question = cast.forum_session().asked[0]

    def say(name: str, key: str, text: str, parent_id: int | None = None) -> int:
        return post_response(cast.viewer(name), NewResponse(
            question_id=question.id, parent_id=parent_id, key=key, text=text)).id

    # Ids differ, so that no check of one thing passes by the id of another.
    scene.ids |= {"question": question.id, "forum": question.forum_session_id}
    say("cyn", "warming-up", "Something to begin with")
    scene.ids["response"] = say("ben", "the-response", "This is the canary of a response.")
    scene.ids["withdrawn"] = say("ben", "withdrawn-one", "Better unsaid: canary of a response")
    withdraw_response(cast.viewer("ben"), scene.ids["withdrawn"])
    scene.ids["hidden"] = say("ben", "hidden-one", "Hidden: canary of a response")
    finn = cast.viewer("finn")
    hide_response(finn, scene.ids["hidden"], reason="It names a price")
    scene.ids |= summaries_in(cast)
    for name, title in (("poll", "The canary of a poll"), ("draft", "The canary of a draft"),
                        ("told", "The canary of a revealed poll")):
        poll = create_poll(finn, question.forum_session_id, parse_poll({
            "kind": "rating", "title": title, "statements": "Here\nThere", "rule": "percent_agreement"}))
        scene.ids[name] = poll.id
        if name == "poll":
            move_poll(finn, poll.id, verb="open")
            scene.ids["option"] = poll.options[0].id
        # One vote is told under earlier terms alone.
        with earlier_terms():
            for verb in ("open", "close", "reveal") if name == "told" else ():
                move_poll(finn, poll.id, verb=verb)
                if verb == "open":
                    vote(cast, "cyn", poll, rating_answer(poll, 7, 8))
    scene.ids["told_option"] = db.session.get_one(Poll, scene.ids["told"]).options[0].id
    done, failed, waiting = (request_export(cast.viewer("ben"), parse_export({"format": name, "session": "1A"})).id
                    for name in ("json", "markdown", "html"))
    run_export(done)
    with transaction():
        db.session.get_one(ExportJob, failed).state = ExportState.FAILED
    scene.ids |= {"job": done, "failed": failed, "waiting": waiting,
                  "file": db.session.get_one(ExportJob, done).file_name}
    with transaction():
        certificate = PurgeCertificate(meeting_id=cast.meeting_id, document="{}\n", sha256="0" * 64)
        db.session.add(certificate)
        db.session.flush()
        scene.ids["certificate"] = certificate.id
    with transaction():
        waiting_list = ListImport(meeting_id=cast.meeting_id, requested_by_id=cast.ids["ada"], text="", state="done",
                                  sends_mail=False, total_rows=1)
        db.session.add(waiting_list)
        # Cards for the door work on days to come only.
        meeting = db.session.get_one(Meeting, cast.meeting_id)
        meeting.start_on = meeting.end_on = date.today() + timedelta(days=3)
        db.session.flush()
        scene.ids["list"] = waiting_list.id
    scene.ids["code"] = stage(question.forum_session_id).join_code
    scene.ids["ben"] = cast.viewer("ben").membership_id
    scene.ids["recusal"] = recuse(cast.viewer("cyn"), question.forum_session_id, person_id=cast.ids["cyn"],
                                  poll_id=scene.ids["told"], reason="The canary of an interest").id
    scene.ids["cyn"] = cast.viewer("cyn").membership_id
    choose_pace(cast.viewer("cyn"), Pace.DAILY)
    choose_pace(cast.viewer("olu"), Pace.DAILY)
    scene.ids["mails"], scene.ids["no_mails"] = (token_for(cast.viewer(name).membership_id) for name in ("cyn", "olu"))
    stop_by_link(scene.ids["no_mails"])
    scene.ids["link"] = make_link(
        cast.person("dov"), lifetime=timedelta(days=1), meeting_id=cast.meeting_id).rpartition("/")[2]
    for name in MEMBERS + OUTSIDERS:
        browser = app.test_client()
        link = make_link(cast.person(name), lifetime=timedelta(hours=1))
        assert browser.post(link.removeprefix("http://localhost")).status_code == 302
        cookie = browser.get_cookie("sigforum")
        assert cookie is not None
        scene.cookies[name] = cookie.value
    scene.ids |= _seen(scene)
    scene.keep()
    return scene


def _seen(scene: Scene) -> dict[str, str]:
    """What previews are named that the organizer has looked at."""
    ada, meeting = scene.browser("ada"), f"/meetings/{scene.cast.slug}"
    shown = {name: ada.post(address, data={"step": "preview", "text": text}) for name, address, text in (
        ("seen_list", f"{meeting}/people/invite", LIST), ("seen_agenda", f"{meeting}/agenda", NEWER_AGENDA),
        ("seen_new", "/meetings/new", OTHER_AGENDA))}
    shown["seen_people"] = ada.get(f"{meeting}/people/outbox/invitation")
    return {name: seen_on(answer.get_data(as_text=True)) for name, answer in shown.items()}
