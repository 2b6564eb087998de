"""The migrations give exactly the tables of the models, on both databases, and can be taken back."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from sigforum.database import WRITE, is_of_models
from sigforum.extensions import db
from sigforum.migrating import downgrade, upgrade
from tests.casting import make_cast

pytestmark = pytest.mark.both_databases


def differences() -> list[Any]:
    """What a new migration would have to do: tables, columns, types, defaults, indexes and constraints."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={
            "compare_type": True, "compare_server_default": True, "include_name": is_of_models})
        return compare_metadata(context, db.metadata)


def tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if is_of_models(name, "table")} - {"alembic_version"}


def let_go() -> None:
    """Close what the test has open, so that tables can be changed."""
    db.session.remove()
    db.engine.dispose()


def test_migrations_give_the_models_tables(app: Flask) -> None:
    assert tables() == set(db.metadata.tables)
    found = differences()
    assert not found, f"Write a migration for these (sigforum tables migrate -m '...'): {found}"


def test_comparison_sees_a_missing_column_and_a_changed_type(app: Flask) -> None:
    let_go()
    with db.engine.connect().execution_options(**WRITE) as connection:
        connection.execute(text("ALTER TABLE polls DROP COLUMN visibility"))
        connection.execute(text("ALTER TABLE polls ADD COLUMN secret_note INTEGER"))
        connection.commit()
    found = str(differences())
    assert "visibility" in found
    assert "secret_note" in found


def test_migrations_run_down_to_nothing_and_up_again(app: Flask) -> None:
    let_go()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert tables() == set(db.metadata.tables)
    assert not differences()
    # The tables are not only there, they work.
    assert make_cast().slug == "cells-that-stay"


def test_migrating_twice_changes_nothing(app: Flask) -> None:
    cast = make_cast()
    let_go()
    upgrade()
    assert cast.person("ben").name == "Ben Participant"
    assert not differences()
