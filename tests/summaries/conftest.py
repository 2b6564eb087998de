"""The panel of these tests; see panel.py."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from sigforum.extensions import db
from tests.casting import Cast
from tests.summaries.panel import Panel, make_panel


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """A session that was discussed and has priorities, but no poll yet."""
    return make_panel(cast)


@pytest.fixture
def counted_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """A context that collects the statements sent to the database inside it."""
    @contextmanager
    def counted() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            statements.append(statement)
        event.listen(db.engine, "before_cursor_execute", note)
        yield statements
        event.remove(db.engine, "before_cursor_execute", note)
    return counted
