"""Backup while people write, and restore: nothing that was acknowledged before is missing, on both databases."""

import hashlib
import io
import json
import secrets
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from sigforum.app import create_app
from sigforum.audit import queries as audit
from sigforum.ballots import actions
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.models import Round, Vote, VoteChange
from sigforum.database import WRITE
from sigforum.exports.actions import request_export
from sigforum.exports.forms import parse_export
from sigforum.exports.making import run_export
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.operations.backup import make_backup
from sigforum.operations.restore import restore_backup
from sigforum.settings import Settings
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.ballots.polling import add_voters, make_poll, rating_answer
from tests.casting import Cast
from tests.operations.test_cli import run

WRITERS = 3


@pytest.fixture
def elsewhere(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of another, empty place of the same kind."""
    url = request.getfixturevalue("postgres").new_database() if database == "postgresql" else ""
    return Settings(secret_key="a secret of the tests", instance=tmp_path / "elsewhere", database_url=url,
                    base_url="http://localhost", async_mode="threading", smtp_url="smtp://me:smtp-password@localhost")


@contextmanager
def there(settings: Settings) -> Iterator[Flask]:
    """An application at another place."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def people_writing(app: Flask, cast: Cast) -> Iterator[list[tuple[int, int, str]]]:
    """Real writers in threads, until the block ends: (round, person, key) of every acknowledged vote, in order."""
    poll = make_poll(cast, upto="open")
    round_id, poll_id, question_id = poll.rounds[-1].id, poll.id, cast.forum_session().asked[0].id
    viewers = [cast.viewer(name) for name in add_voters(cast, WRITERS)]
    answers = [rating_answer(poll, rating, 10 - rating) for rating in range(1, 10)]
    db.session.rollback()
    acknowledged: list[tuple[int, int, str]] = []
    is_over, has_begun = threading.Event(), threading.Barrier(WRITERS + 1)

    def write(place: int) -> None:
        with app.app_context():
            turn = 0
            while not is_over.is_set():
                key = secrets.token_hex(8)
                actions.cast_vote(viewers[place], CastVote(
                    poll_id=poll_id, round_number=1, raw=answers[turn % 9], key=key))
                acknowledged.append((round_id, viewers[place].person_id, key))
                post_response(viewers[place], NewResponse(
                    question_id=question_id, parent_id=None, key=key, text=f"Response {turn}"))
                turn += 1
                if turn == 3:
                    has_begun.wait(timeout=30)

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    has_begun.wait(timeout=30)
    try:
        yield acknowledged
    finally:
        is_over.set()
        for thread in threads:
            thread.join(timeout=30)


@pytest.mark.both_databases
@pytest.mark.timeout(120)
def test_backup_while_people_write_holds_all_that_was_acknowledged(
        app: Flask, cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    with people_writing(app, cast) as acknowledged:
        before = list(acknowledged)
        manifest = make_backup(file, settings)
        during = len(acknowledged) - len(before)
    assert len(before) >= 3 * WRITERS
    assert during > 0, "nobody wrote meanwhile, so it proves nothing"
    with there(elsewhere):
        assert restore_backup(file, elsewhere, replace=False) == manifest
        changes = db.session.scalars(select(VoteChange)).all()
        assert set(before) <= {(one.round_id, one.person_id, one.key) for one in changes}
        assert len(changes) == manifest["rows"]["vote_changes"] < len(acknowledged) + 1
        # One moment: each ballot is its newest version, and the log goes as far as the responses do.
        newest = {(one.round_id, one.person_id): (one.revision, one.answer)
                  for one in sorted(changes, key=lambda one: one.revision)}
        assert {(one.round_id, one.person_id): (one.revision, one.answer)
                for one in db.session.scalars(select(Vote))} == newest
        assert {chain: audit.problems(chain) for chain in audit.chains()} == {chain: [] for chain in audit.chains()}
        posted = [entry for entry in audit.whole_chain(cast.meeting_id) if entry.verb == "response_posted"]
        assert len(posted) == db.session.scalar(select(func.count()).select_from(Response))
        # It is a place to go on in.
        asked = db.session.get_one(Round, changes[0].round_id)
        voted = actions.cast_vote(cast.viewer("ben"), CastVote(
            poll_id=asked.poll_id, round_number=1, raw=changes[0].answer, key="after-restoring"))
        assert voted.revision == 1


def test_exports_come_back_and_secrets_do_not_leave(
        cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    job = request_export(cast.viewer("ben"), parse_export({"format": "json", "session": "1A"})).id
    run_export(job)
    file = tmp_path / "backup.tar.gz"
    manifest = make_backup(file, settings)
    exported = [name for name in manifest["files"] if name.startswith(f"exports/{job}/")]
    assert len(exported) == 1
    with tarfile.open(file) as archive:
        content = {member.name: archive.extractfile(member).read() for member in archive.getmembers()}  # type: ignore[union-attr]
    assert exported[0] in content
    assert not [name for name, held in content.items() if b"a secret of the tests" in held]
    assert manifest["settings"]["base_url"] == "http://localhost"
    assert file.stat().st_mode & 0o777 == 0o600
    with there(elsewhere):
        restore_backup(file, elsewhere, replace=False)
    restored = elsewhere.instance / exported[0]
    assert restored.read_bytes() == (settings.instance / exported[0]).read_bytes() == content[exported[0]]


def test_passwords_in_addresses_are_left_out(app: Flask, elsewhere: Settings, tmp_path: Path) -> None:
    manifest = make_backup(tmp_path / "backup.tar.gz", elsewhere)
    assert manifest["settings"]["smtp_url"] == "smtp://me@localhost"
    assert "smtp-password" not in json.dumps(manifest)
    assert "secret_key" not in manifest["settings"]


@pytest.mark.both_databases
def test_restore_keeps_what_is_there_unless_told_to_replace_it(
        cast: Cast, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    make_backup(file, settings)
    question = cast.forum_session().asked[0].id
    post_response(cast.viewer("ben"), NewResponse(question_id=question, parent_id=None, key="later", text="Later"))
    with pytest.raises(Conflict, match="--replace"):
        restore_backup(file, settings, replace=False)
    assert db.session.scalars(select(Response.text)).all() == ["Later"]
    restore_backup(file, settings, replace=True)
    assert db.session.scalars(select(Response.text)).all() == []
    assert cast.person("ben").name == "Ben Participant"
    assert [path.name for path in settings.instance.glob("*.before-*")] == []


@pytest.mark.both_databases
def test_backup_with_a_forged_log_is_refused_and_leaves_everything(
        cast: Cast, settings: Settings, tmp_path: Path) -> None:
    db.session.remove()
    with db.engine.connect().execution_options(**WRITE) as connection:
        connection.execute(text("UPDATE audit_entries SET verb = 'forged' WHERE chain = :chain AND number = 2"),
                           {"chain": cast.meeting_id})
        connection.commit()
    file = tmp_path / "backup.tar.gz"
    make_backup(file, settings)
    question = cast.forum_session().asked[0].id
    post_response(cast.viewer("ben"), NewResponse(question_id=question, parent_id=None, key="later", text="Later"))
    with pytest.raises(Conflict, match="Entry 2 was altered"):
        restore_backup(file, settings, replace=True)
    assert db.session.scalars(select(Response.text)).all() == ["Later"], "it is as it was before"


def rewritten(file: Path, target: Path, *, without: str = "", **changed: bytes) -> Path:
    """A backup with a member left out or exchanged, or one more."""
    with tarfile.open(file) as archive, tarfile.open(target, "w:gz") as out:
        held = {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]
        for name, content in (held | changed).items():
            if name != without:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                out.addfile(info, io.BytesIO(content))
    return target


def test_altered_backup_is_refused(cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    make_backup(file, settings)
    altered = [rewritten(file, tmp_path / "one.tar.gz", **{"sigforum.db": b"another one"}),
               rewritten(file, tmp_path / "two.tar.gz", without="sigforum.db"),
               rewritten(file, tmp_path / "three.tar.gz", **{"extra.txt": b"one more"}),
               rewritten(file, tmp_path / "four.tar.gz", **{"../outside.txt": b"outside"})]
    half = tmp_path / "half.tar.gz"
    half.write_bytes(file.read_bytes()[:2000])
    with there(elsewhere):
        for one in (*altered, half):
            with pytest.raises(Invalid):
                restore_backup(one, elsewhere, replace=False)
        assert not (elsewhere.instance / "sigforum.db").exists()
        assert not list(tmp_path.rglob("outside.txt"))
        restore_backup(rewritten(file, tmp_path / "same.tar.gz"), elsewhere, replace=False)
        assert cast.person("ben").name == "Ben Participant"


@pytest.mark.both_databases
def test_backup_with_changed_content_and_hashes_made_anew_is_refused(
        cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    """Whoever holds the file can compute hashes, and has not the installation's secret."""
    request = request_export(cast.viewer("ben"), parse_export({"format": "json", "session": "1A"})).id
    run_export(request)
    file = tmp_path / "backup.tar.gz"
    manifest = make_backup(file, settings)
    name = next(name for name in manifest["files"] if name.startswith("exports/"))
    forged = json.dumps(manifest | {"files": manifest["files"] | {
        name: {"sha256": hashlib.sha256(b"another").hexdigest(), "bytes": 7}}}).encode()
    with there(elsewhere):
        with pytest.raises(Invalid, match="was changed, or made under another SIGFORUM_SECRET_KEY"):
            restore_backup(rewritten(file, tmp_path / "forged.tar.gz", **{name: b"another", "manifest.json": forged}),
                           elsewhere, replace=False)
        restore_backup(rewritten(file, tmp_path / "same.tar.gz"), elsewhere, replace=False)
        assert cast.person("ben").name == "Ben Participant"


def test_backup_of_an_older_kind_or_another_secret_has_to_be_accepted(
        cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    make_backup(file, replace(settings, secret_key="another secret"))
    with there(elsewhere):
        with pytest.raises(Invalid, match="--accept-unsealed"):
            restore_backup(file, elsewhere, replace=False)
        assert not (elsewhere.instance / "sigforum.db").exists()
        restore_backup(file, elsewhere, replace=False, accepts_unsealed=True)
        assert cast.person("ben").name == "Ben Participant"


@pytest.mark.both_databases
def test_backup_that_brings_a_trigger_is_refused(
        cast: Cast, settings: Settings, elsewhere: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    db.session.remove()
    trigger = ("CREATE TRIGGER swing AFTER INSERT ON votes BEGIN DELETE FROM votes; END",) if (
        db.engine.dialect.name == "sqlite") else (
        "CREATE FUNCTION swing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER swing BEFORE INSERT ON votes FOR EACH ROW EXECUTE FUNCTION swing()")
    with db.engine.connect().execution_options(**WRITE) as connection:
        for statement in trigger:
            connection.execute(text(statement))
        connection.commit()
    make_backup(file, settings)
    with there(elsewhere), pytest.raises(Conflict, match="swing"):
        restore_backup(file, elsewhere, replace=False)


def test_no_secret_setting_leaves_with_a_backup(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """Every setting gets a value of its own, and those that open something are looked for."""
    secrets_set = {"oidc_client_secret": "canary-of-the-provider", "secret_key": "canary-of-the-site",
                   "smtp_url": "smtps://me:canary-of-the-mail@localhost:465",
                   "database_url": "postgresql://me@localhost/x?password=canary-of-the-query&sslmode=require"}
    manifest = make_backup(tmp_path / "backup.tar.gz", replace(settings, **secrets_set))
    assert "canary" not in json.dumps(manifest)
    assert manifest["settings"]["database_url"] == "postgresql://me@localhost/x?sslmode=require"
    assert "canary" not in repr(replace(settings, secret_key="canary", oidc_client_secret="canary"))


def test_backup_never_writes_over_a_file(app: Flask, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "precious.txt"
    file.write_text("precious")
    with pytest.raises(Conflict, match="never written over"):
        make_backup(file, settings)
    assert file.read_text() == "precious"
    assert [path.name for path in tmp_path.glob(".backup-*")] == []


def test_commands_back_up_and_restore(tmp_path: Path) -> None:
    assert run(tmp_path, "upgrade").returncode == 0
    assert run(tmp_path, "organizer", "add", "ada@example.org", "--name", "Ada").returncode == 0
    done = run(tmp_path, "backup", "kept.tar.gz")
    assert (done.returncode, "1 people" in done.stdout) == (0, True), done.stderr
    refused = run(tmp_path, "restore", "kept.tar.gz")
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    assert run(tmp_path, "restore", "kept.tar.gz", "--replace").returncode == 0
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    done = run(fresh, "restore", "../kept.tar.gz")
    assert done.returncode == 0, done.stderr
    checked = run(fresh, "audit", "verify")
    assert (checked.returncode, "The audit log holds." in checked.stdout) == (0, True), checked.stdout
