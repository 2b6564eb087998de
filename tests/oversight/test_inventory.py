"""The inventory of what is stored about people names every column that points at one."""

from flask import Flask

from sigforum.extensions import db
from sigforum.oversight import rows
from sigforum.oversight.inventory import INVENTORY, OF_THE_PERSON, Fate


def test_every_column_that_points_at_a_person_has_a_row(app: Flask) -> None:
    there = rows.pointing_at_people()
    assert {"votes.person_id", "responses.author_id", "sign_ins.person_id"} <= there
    named = {kept.column for kept in INVENTORY}
    assert there - named == set(), "say in sigforum/oversight/inventory.py what these mean for a copy and an erasure"
    assert named - there == set(), "these are gone; take them out of sigforum/oversight/inventory.py"
    assert len(named) == len(INVENTORY)


def test_every_row_leads_to_a_meeting_or_is_the_persons_own(app: Flask) -> None:
    for kept in INVENTORY:
        if kept.column not in OF_THE_PERSON:
            assert rows.path_to_meeting(kept.table)[-1][2] == "meetings"
    assert set(OF_THE_PERSON) <= {kept.column for kept in INVENTORY}


def test_what_is_hidden_and_emptied_is_there(app: Flask) -> None:
    for kept in INVENTORY:
        columns = db.metadata.tables[kept.table].c
        assert {*kept.hides, *kept.clears, *kept.masks} <= set(columns.keys()), kept.column
        if kept.fate is Fate.FORGETS:
            assert columns[kept.name].nullable


def test_tokens_are_in_no_copy(app: Flask) -> None:
    for kept in INVENTORY:
        secret = {name for name in db.metadata.tables[kept.table].c.keys()  # noqa: SIM118 - a collection of columns
                  if "token" in name or "secret" in name}
        assert secret <= set(kept.hides), kept.column
