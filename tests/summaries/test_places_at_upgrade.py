"""The migration that keeps earlier places, over a meeting in which people were moved, removed and invited again before
it: it reads from the log and from the votes what they were."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from sigforum.audit import queries as audit
from sigforum.audit.models import AuditEntry
from sigforum.extensions import db
from sigforum.migrating import downgrade, upgrade
from sigforum.people import place_queries
from sigforum.people import queries as people
from sigforum.people.models import Membership
from sigforum.people.place_models import EarlierPlace
from tests.summaries.panel import Panel
from tests.summaries.test_places_that_change import close, place, put, remove


def kept(panel: Panel) -> set[tuple[str, str, str, str]]:
    """Whose places are kept: address, session, role and how far the invitation had come."""
    names = {member.id: member.person.email.partition("@")[0] for member in people.members(panel.cast.meeting_id)}
    codes = {one.id: one.code for one in panel.forum_session.meeting.forum_sessions}
    return {(names[one.membership_id], codes[one.forum_session_id], one.role, one.status)
            for one in db.session.scalars(select(EarlierPlace))}


def invited(panel: Panel) -> set[int]:
    return {one.person_id for one in place_queries.invitees(panel.cast.meeting_id, panel.forum_session.id)}


def to_tables_before(revision: str) -> None:
    db.session.remove()
    db.engine.dispose()
    downgrade(revision=revision)
    db.engine.dispose()


@pytest.mark.both_databases
def test_places_of_people_removed_and_invited_again_are_read_from_the_log(panel: Panel, app: Flask) -> None:
    panel.rate()
    close(panel)
    closed_at = db.session.scalar(select(AuditEntry.happened_at).where(AuditEntry.verb == "forum_session_close"))
    assert closed_at is not None
    before = invited(panel)
    put(panel, place(panel, "p7", sessions="1A"))
    remove(panel, "p1", "p2", "p3", "p7")
    put(panel, place(panel, "p1", "participant", sessions="1B"), place(panel, "p2", "observer"),
        place(panel, "p5", sessions="1B"))
    # The invitation of today is newer than the first change, which ended the place before it.
    put(panel, place(panel, "p1", "observer", sessions="1B"), place(panel, "p7", "observer"))
    # As versions did that noted no such change: whoever voted took part all the same.
    db.session.execute(text("UPDATE memberships SET role = 'observer' WHERE id = :id"),
                       {"id": panel.cast.viewer("p6").membership_id})
    db.session.commit()
    ids = {name: panel.cast.person(name).id for name in ("p1", "p2", "p3", "p4", "p5", "p6")}
    to_tables_before("0023")
    with db.engine.connect() as connection:
        assert "earlier_places" not in set(db.inspect(connection).get_table_names())
    upgrade()
    everywhere = {one.code for one in panel.forum_session.meeting.forum_sessions}
    assert len(everywhere) > 1
    assert kept(panel) == {
        *(("p1", code, "participant", "revoked") for code in everywhere), ("p1", "1B", "participant", "invited"),
        *(("p2", code, "participant", "revoked") for code in everywhere),
        *(("p5", code, "participant", "accepted") for code in everywhere),
        *(("p7", code, "participant", "accepted") for code in everywhere), ("p7", "1A", "participant", "revoked"),
        ("p6", "1A", "participant", "accepted")}
    assert invited(panel) == before
    assert set(ids.values()) <= before
    assert panel.forum_session.closed_at == closed_at
    places = db.session.scalars(select(EarlierPlace)).all()
    assert [one for one in places if not one.began_at <= one.ended_at] == []
    # The place of today began with the newest change; who was never moved has theirs since the invitation.
    since = dict(db.session.execute(select(Membership.person_id, Membership.placed_at)).all())
    assert since[ids["p4"]] is since[ids["p3"]] is None
    assert isinstance(since[ids["p1"]], datetime)
    assert since[ids["p1"]] == max(one.ended_at for one in places if one.membership_id == panel.cast.viewer(
        "p1").membership_id)
    assert {chain: audit.problems(chain) for chain in audit.chains()} == {chain: [] for chain in audit.chains()}
