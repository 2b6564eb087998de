"""A meeting whose name no database stores is none, on sockets as on pages, whichever the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from sigforum.app import create_app
from sigforum.extensions import db
from sigforum.settings import Settings
from tests.casting import Cast
from tests.live.stage import Stage
from tests.serving import SECRET, Site


class SiteOnAnyDatabase(Site):
    """An installation on the database of this address, or on its own file."""

    database_url = ""

    @property
    def environ(self) -> dict[str, str]:
        """The environment of every process."""
        return super().environ | {"SIGFORUM_DATABASE_URL": self.database_url}

    def app(self) -> Flask:
        """An application on the same database, to make links with."""
        return create_app(Settings(secret_key=SECRET, instance=self.folder, base_url=self.url, async_mode="threading",
                                   database_url=self.database_url))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The web process on one database and on the other."""
    site = SiteOnAnyDatabase(tmp_path_factory.mktemp("unstorable"))
    found: tuple[Path | str, Cast] = request.getfixturevalue(
        "staged" if request.param == "sqlite" else "staged_postgres")
    if request.param == "sqlite":
        shutil.copy(found[0], site.folder / "sigforum.db")
    else:
        site.database_url = request.getfixturevalue("postgres").new_database(template=found[0])
    app = site.app()
    try:
        site.start_web()
        with app.app_context():
            yield Stage(site, app, found[1])
            db.session.remove()
            db.engine.dispose()
    finally:
        site.stop()


@pytest.mark.parametrize("name", ["cells\0", "\0", "cells-that-stay\0", "\ud800"])
@pytest.mark.parametrize("event", ["join", "cast", "typing"])
def test_meeting_of_an_unstorable_name_is_not_found(stage: Stage, event: str, name: str) -> None:
    socket = stage.visitor("finn").socket()
    answer = socket.call(event, {"meeting": name, "forum": None, "after": 0, "poll": 1, "round": 1, "key": "a-good-key",
                                 "answer": {}, "question": 1})
    assert (answer["ok"], answer["status"]) == (False, 404)
    assert socket.call("join", {"meeting": stage.cast.slug, "forum": None, "after": 0})["ok"]
