"""Instances as version 0.1.0 left them, brought to this version's tables."""

import gzip
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from sigforum.app import create_app
from sigforum.extensions import db
from sigforum.migrating import upgrade
from sigforum.settings import Settings
from tests.browser import Browser

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Past:
    """An instance with the old database in it, and what is known of it."""

    app: Flask
    settings: Settings
    facts: dict[str, Any]

    @property
    def address(self) -> str:
        """Where the meeting's pages begin."""
        return f"/meetings/{self.facts['meeting']}"

    def browser(self, card: str = "") -> Browser:
        """A browser, signed in by the card of an address where one is named."""
        browser = Browser(self.app, self.app.response_class)
        if card:
            assert browser.post(f"/sign-in/{self.facts['cards'][card]}").status_code == 302
        return browser


def past_settings(tmp_path: Path, database: str, request: pytest.FixtureRequest, *, name: str = "instance") -> Settings:
    """Settings of an empty place with the old secret key."""
    url = request.getfixturevalue("postgres").new_database() if database == "postgresql" else ""
    return Settings(secret_key="a secret of the past", instance=tmp_path / name, database_url=url,
                    base_url="http://localhost", async_mode="threading")


def read_facts(database: str) -> dict[str, Any]:
    """What stood in the old database."""
    facts: dict[str, Any] = json.loads((FILES / f"{database}.json").read_text("utf-8"))
    return facts


@pytest.fixture
def past(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Past]:
    """The old database, upgraded."""
    settings = past_settings(tmp_path, database, request)
    settings.instance.mkdir()
    if database == "sqlite":
        content = gzip.decompress((FILES / "sigforum.db.gz").read_bytes())
        (settings.instance / "sigforum.db").write_bytes(content)
    else:
        load_sql(gzip.decompress((FILES / "sigforum.pgsql.gz").read_bytes()), settings.database_url)
    app = create_app(settings)
    app.config |= {"TESTING": True, "WTF_CSRF_ENABLED": False}
    with app.app_context():
        upgrade()
        yield Past(app, settings, read_facts(database))
        db.session.remove()
        db.engine.dispose()


def load_sql(content: bytes, url: str) -> None:
    """Run a plain dump. Newer servers and tools know settings and commands that others do not; none of them matters."""
    kept = b"\n".join(line for line in content.split(b"\n") if not line.startswith((b"\\restrict", b"\\unrestrict")))
    subprocess.run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--dbname={url}"], input=kept,
                   check=True, capture_output=True)
