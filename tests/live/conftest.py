"""A real server process for each file of these tests, and real sockets to it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.models import Membership
from tests.casting import Cast
from tests.live.stage import Stage
from tests.serving import Site


@pytest.fixture(scope="module")
def running(staged: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The web process as an operator starts it, on a database with the cast."""
    site = Site(tmp_path_factory.mktemp("live"))
    shutil.copy(staged[0], site.folder / "sigforum.db")
    try:
        site.start_web()
        with site.application() as app:
            yield Stage(site, app, staged[1])
    finally:
        site.stop()


@pytest.fixture
def stage(running: Stage) -> Iterator[Stage]:
    """The running server; afterwards sockets are closed and everybody is what they were."""
    db.session.rollback()
    kept = {member.id: (member.role, member.status) for member in queries.members(running.cast.meeting_id)}
    db.session.rollback()
    yield running
    running.hang_up()
    db.session.rollback()
    for identifier, (role, status) in kept.items():
        member = db.session.get_one(Membership, identifier)
        member.role, member.status = role, status
    db.session.commit()
    log = running.site.log_tail("web", lines=10_000)
    assert "Traceback" not in log, log
