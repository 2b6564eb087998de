"""Whatever field it is typed into: it is stored clean, or refused with what was typed kept; and no page fails."""

import html
import json
import re
from typing import Any

import pytest
from sqlalchemy import JSON, String, select
from sqlalchemy.types import TypeDecorator

from sigforum.extensions import db, limiter
from tests.access.matrix import ROWS, Row
from tests.access.scene import Scene

# Controls, NUL's neighbours, a next line, overrides of direction, breaks of other systems, ends of planes.
DIRTY = "Mark\x01ed\x08\x1b[0m\x0b\x0c\x1f\x7f\x85\x9f\u2028\u2029\u202atext\u202e\u2066 \ufeff\ufffe\U0001ffff🧬👩🏽‍🔬"
SEEN = "Mark"
NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ufffe\uffff\U0001ffff\ud800-\udfff]")
POSTS = [row for row in ROWS if row.method == "POST" and row.data and "sign-out" not in row.path]


def texts(value: Any) -> list[str]:
    """Every text in a value of a column."""
    if isinstance(value, dict):
        return [one for item in value.items() for part in item for one in texts(part)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in texts(part)]
    return [value] if isinstance(value, str) else []


def unclean() -> list[tuple[str, str, str]]:
    """Every stored text with a sign in it that no text holds: its table, its column, and itself."""
    db.session.rollback()
    found = []
    for table in db.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, String | JSON | TypeDecorator)]
        for row in db.session.execute(select(*columns)) if columns else ():
            found += [(table.name, column.name, text) for column, value in zip(columns, row, strict=True)
                      for text in texts(value) if NEVER.search(text)]
    return found


def forms(row: Row, scene: Scene) -> list[tuple[str, dict[str, Any]]]:
    """The row's form with one field at a time that holds such a text, at its end and in its place."""
    good = row.form(scene)
    return [(name, {**good, name: [*value[:-1], value[-1] + DIRTY] if isinstance(value, list) else value + DIRTY})
            for name, value in good.items()] + [(name, {**good, name: DIRTY + "\n" * 3000 + "end"}) for name in good]


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_what_is_typed_is_stored_clean_or_refused_and_kept(scene: Scene, row: Row) -> None:
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False
    name = row.allowed.split()[0]
    for field, form in forms(row, scene):
        limiter.reset()
        answer = scene.browser(name).open(row.address(scene), method="POST", data=form)
        assert answer.status_code < 500, (field, form)
        page = answer.get_data(as_text=True)
        assert not NEVER.search(page), field
        if answer.status_code == 422 and page.startswith("{"):
            assert json.loads(page)["error"]
        elif answer.status_code == 422 and re.search(rf'<(?:input|textarea)[^>]* name="{re.escape(field)}"', page):
            shown = rf'<textarea[^>]* name="{re.escape(field)}"|<input type="text"[^>]* name="{re.escape(field)}"'
            assert not re.search(shown, page) or SEEN in html.unescape(page), field
        assert unclean() == [], field
    scene.put_back()
