"""At the upgrade to scopes, sign-ins end that may have come from a card; others stay."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.migrating import downgrade, upgrade
from sigforum.people.models import SignIn, SignInLink
from sigforum.transaction import transaction
from tests.casting import Cast


def sign_ins(app: Flask) -> dict[str, bool]:
    """Which rows are live, by their mark."""
    with db.engine.connect() as connection:
        return {mark: ended is None for mark, ended in connection.execute(text(
            "SELECT browser, revoked_at FROM sign_ins")).all()}


@pytest.mark.both_databases
def test_sign_ins_that_a_card_may_have_made_end(cast: Cast, app: Flask) -> None:
    printed, ids = now() - timedelta(hours=2), cast.ids
    with transaction():
        db.session.add_all([
            SignInLink(person_id=ids["cyn"], meeting_id=cast.meeting_id, token_hash="a", is_for_door=True,
                       created_at=printed, expires_at=now(), used_at=printed + timedelta(minutes=5)),
            SignInLink(person_id=ids["dov"], meeting_id=cast.meeting_id, token_hash="b", is_for_door=True,
                       created_at=printed, expires_at=now())])
        for mark, name, hours in (("before the card", "cyn", 3), ("after the card", "cyn", 1),
                                  ("card never used", "dov", 1), ("no card", "ben", 1)):
            db.session.add(SignIn(person_id=ids[name], token_hash=mark, browser=mark,
                                  created_at=now() - timedelta(hours=hours)))
    db.session.remove()
    db.engine.dispose()
    # The tables of version 0.1.0.
    downgrade(revision="0011")
    assert sign_ins(app) == {"before the card": True, "after the card": True, "card never used": True, "no card": True}
    db.engine.dispose()
    upgrade()
    assert sign_ins(app) == {"before the card": True, "after the card": False, "card never used": True, "no card": True}


@pytest.mark.both_databases
def test_sign_in_for_one_meeting_ends_with_the_tables_that_know_it(cast: Cast, app: Flask) -> None:
    with transaction():
        db.session.add(SignIn(person_id=cast.ids["ben"], token_hash="scoped", browser="scoped", means="card",
                              meeting_id=cast.meeting_id))
    db.session.remove()
    db.engine.dispose()
    downgrade(revision="0013")
    assert sign_ins(app) == {}
    db.engine.dispose()
    upgrade()
    assert sign_ins(app) == {}
