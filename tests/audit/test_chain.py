"""The chain of the audit log: what is deleted, altered, put elsewhere or cut off is found and named."""

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from sigforum.app import create_app
from sigforum.audit import queries
from sigforum.audit.actions import record, strike_detail
from sigforum.audit.domain import Head
from sigforum.audit.models import AuditEntry, AuditHead
from sigforum.database import WRITE
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.migrating import downgrade, upgrade
from sigforum.settings import Settings
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, rating_answer, vote
from tests.casting import Cast

VERB, TURNS = "tested", 15


def note(meeting_id: int | None, actor_id: int | None = None, **detail: object) -> None:
    with transaction():
        record(VERB, meeting_id=meeting_id, actor_id=actor_id, subject="a test", **detail)


def tampered(statement: str, **values: object) -> None:
    """Change rows as somebody does who has the database and not the program."""
    db.session.remove()
    with db.engine.connect().execution_options(**WRITE) as connection:
        assert connection.execute(text(statement), values).rowcount == 1
        connection.commit()


def numbers(chain: int) -> list[int]:
    return [entry.number for entry in queries.whole_chain(chain)]


@pytest.fixture
def chain(cast: Cast) -> int:
    """The chain of the cast's meeting, made longer."""
    for turn in range(6):
        note(cast.meeting_id, cast.ids["ada"], turn=turn, words=f"number {turn}")
    assert queries.problems(cast.meeting_id) == []
    assert len(numbers(cast.meeting_id)) > 6
    return cast.meeting_id


@pytest.mark.both_databases
def test_chain_of_what_really_happened_holds(cast: Cast) -> None:
    for chain in queries.chains():
        assert queries.problems(chain) == []
        assert numbers(chain) == list(range(1, queries.head(chain).number + 1))
    assert {0, cast.meeting_id} <= set(queries.chains())
    hashes = db.session.scalars(select(AuditEntry.hash)).all()
    assert len(set(hashes)) == len(hashes) > 5
    assert {len(one) for one in hashes} == {64}


@pytest.mark.both_databases
@pytest.mark.parametrize(("change", "words"), [
    ("verb = 'other'", "Entry 3 was altered, or put into another place"),
    ("subject = 'person 1'", "Entry 3 was altered, or put into another place"),
    ("actor_id = NULL", "Entry 3 was altered, or put into another place"),
    ("detail = '{\"forged\": 1}'", "Entry 3 was altered: its detail"),
    # Struck out, and yet it says something.
    ("detail = '{\"forged\": 1}', struck_at = happened_at", "Entry 3 was altered: its detail"),
    ("detail_hash = 'abc'", "Entry 3 was altered"),
    ("hash = 'abc'", "Entry 3 was altered"),
])
def test_altered_entry_is_named(chain: int, change: str, words: str) -> None:
    tampered(f"UPDATE audit_entries SET {change} WHERE chain = :chain AND number = 3", chain=chain)
    found = queries.problems(chain)
    assert found
    assert found[0].startswith(words)


@pytest.mark.both_databases
def test_moment_that_was_put_back_is_named(chain: int) -> None:
    with transaction():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.number == 4)).one()
        entry.happened_at -= timedelta(hours=1)
    assert [found[:7] for found in queries.problems(chain)] == ["Entry 4"]


@pytest.mark.both_databases
def test_deleted_entry_is_named(chain: int) -> None:
    tampered("DELETE FROM audit_entries WHERE chain = :chain AND number = 4", chain=chain)
    assert queries.problems(chain)[0] == "Entry 4 is missing."


def test_entries_that_changed_places_are_named(chain: int) -> None:
    for old, new in ((3, 1000), (4, 3), (1000, 4)):
        tampered("UPDATE audit_entries SET number = :new WHERE chain = :chain AND number = :old", chain=chain, old=old,
                 new=new)
    found = " ".join(queries.problems(chain))
    assert "Entry 3 was altered, or put into another place" in found
    assert "Entry 4 was altered, or put into another place" in found


def test_end_that_was_cut_off_is_found_by_the_head(chain: int) -> None:
    before = queries.head(chain)
    tampered("DELETE FROM audit_entries WHERE chain = :chain AND number = :number", chain=chain, number=before.number)
    assert queries.problems(chain) == [
        f"The newest entry is number {before.number - 1}, and number {before.number} was noted as the newest: "
        "entries were cut off or exchanged at the end."]


def test_who_cuts_the_end_and_mends_the_head_is_found_by_a_head_kept_elsewhere(chain: int) -> None:
    kept = queries.head(chain)
    tampered("DELETE FROM audit_entries WHERE chain = :chain AND number = :number", chain=chain, number=kept.number)
    db.session.remove()
    with transaction():
        head = db.session.get_one(AuditHead, chain)
        head.number, head.hash = kept.number - 1, queries.hash_at(chain, kept.number - 1)
    assert queries.problems(chain) == [], "inside the database nothing shows any more"
    assert queries.hash_at(chain, kept.number) is None
    note(chain, words="another one")
    assert queries.head(chain).number == kept.number
    assert queries.hash_at(chain, kept.number) != kept.hash, "the head that was printed shows it"


def test_struck_out_detail_leaves_the_chain_whole(chain: int) -> None:
    with transaction():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.verb == VERB)).first()
        assert entry is not None
        assert "number" in str(entry.detail)
        strike_detail(entry, at=now())
    assert queries.problems(chain) == []
    assert entry.detail == {}


def test_entry_of_a_transaction_that_fails_leaves_no_gap(chain: int) -> None:
    before = queries.head(chain)

    def fail() -> None:
        with transaction():
            record(VERB, meeting_id=chain, actor_id=None, subject="never")
            raise RuntimeError("on purpose")
    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    db.session.rollback()
    assert queries.head(chain) == before
    note(chain)
    assert queries.head(chain).number == before.number + 1
    assert queries.problems(chain) == []


def test_nothing_is_recorded_outside_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        record(VERB, meeting_id=None, actor_id=None, subject="loose")


def test_votes_write_no_entry(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    vote(cast, "ben", poll, rating_answer(poll, 7, 8))
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.both_databases
def test_threads_that_write_two_chains_at_once_make_two_whole_chains(app: Flask, cast: Cast) -> None:
    gate, before = threading.Barrier(4), queries.head(cast.meeting_id).number

    def write(place: int) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            for turn in range(TURNS):
                with transaction():
                    # In one order here and in the other there: that must not lock them together.
                    for meeting_id in (cast.meeting_id, None)[::1 if place % 2 else -1]:
                        record(VERB, meeting_id=meeting_id, actor_id=None, subject=f"{place} {turn}")
    db.session.rollback()
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(write, range(4)))
    assert queries.problems(cast.meeting_id) == queries.problems(0) == []
    assert queries.head(cast.meeting_id).number == before + 4 * TURNS


def write_often(settings: Settings, meeting_id: int, place: int) -> int:
    """In a process of its own: write into two chains, in one order or the other."""
    app = create_app(settings)
    with app.app_context():
        for turn in range(TURNS):
            with transaction():
                for chain in (meeting_id, None)[::1 if place % 2 else -1]:
                    record(VERB, meeting_id=chain, actor_id=None, subject=f"{place} {turn}")
        db.engine.dispose()
    return TURNS


@pytest.mark.both_databases
@pytest.mark.timeout(120)
def test_processes_that_write_at_once_make_one_whole_chain(cast: Cast, settings: Settings) -> None:
    before = queries.head(cast.meeting_id).number
    db.session.rollback()
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = [pool.submit(write_often, settings, cast.meeting_id, place) for place in range(2)]
        assert [one.result(timeout=100) for one in done] == [TURNS, TURNS]
    db.session.rollback()
    assert queries.problems(cast.meeting_id) == queries.problems(0) == []
    assert queries.head(cast.meeting_id).number == before + 2 * TURNS


@pytest.mark.both_databases
def test_rows_from_before_the_chain_are_chained_by_the_migration(cast: Cast) -> None:
    note(cast.meeting_id, cast.ids["ada"], words="Ünïcode, “quotes”", numbers=[1, 2], nothing=None, yes=True)
    before = [(entry.id, entry.hash) for entry in queries.whole_chain(cast.meeting_id)]
    heads = {chain: queries.head(chain) for chain in queries.chains()}
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="0005")
    upgrade()
    assert {chain: queries.problems(chain) for chain in queries.chains()} == {
        chain: [] for chain in heads}
    assert [(entry.id, entry.hash) for entry in queries.whole_chain(cast.meeting_id)] == before
    assert {chain: queries.head(chain) for chain in queries.chains()} == heads
    note(cast.meeting_id, words="and on")
    assert queries.problems(cast.meeting_id) == []
    assert queries.head(cast.meeting_id) != Head(number=0, hash="")
