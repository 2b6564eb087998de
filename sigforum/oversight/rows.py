"""The rows that point at a person, found and changed through the schema itself."""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Table, case, delete, func, select, update

from sigforum.extensions import db
from sigforum.oversight.domain import TEXT_REMOVED
from sigforum.oversight.inventory import INVENTORY, Fate, Kept

_PEOPLE, _MEETINGS = "people", "meetings"
# The steps from a table to its meeting: (table, column that points, table it points at).
Path = tuple[tuple[str, str, str], ...]


def pointing_at_people() -> set[str]:
    """Every column of the schema that points at a person, as `table.column`."""
    return {f"{table.name}.{column.name}" for table, column in _pointing_at(f"{_PEOPLE}.id")}


def here(*fates: Fate) -> list[Kept]:
    """The inventory's rows with one of these fates; all without any."""
    return [kept for kept in INVENTORY if (not fates or kept.fate in fates) and kept.table in db.metadata.tables]


def rows_of(kept: Kept, person_id: int) -> Sequence[Mapping[str, Any]]:
    """What is stored of a person in one column, without what is hidden, oldest first."""
    table = db.metadata.tables[kept.table]
    shown = [column for column in table.columns if column.name not in kept.hides]
    found = db.session.execute(select(*shown).where(table.c[kept.name] == person_id).order_by(*table.primary_key))
    return [dict(row) for row in found.mappings()]


def of_membership(membership_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What hangs on a place in a meeting, by table."""
    return {table.name: [dict(row) for row in db.session.execute(
        select(table).where(column == membership_id).order_by(*table.primary_key)).mappings()]
        for table, column in _pointing_at("memberships.id")}


def remove_of_membership(membership_id: int) -> None:
    """Delete what hangs on a place in a meeting, but for which sessions it is and was: whoever was invited to them
    stays in their counts."""
    for table, column in _pointing_at("memberships.id"):
        if table.name in ("assignments", "earlier_places"):
            continue
        db.session.execute(delete(table).where(column == membership_id))


def forget_lists(meeting_id: int) -> None:
    """Lists of people that were taken in hold the names and addresses of all of them; nobody needs them any more."""
    lists = db.metadata.tables.get("list_imports")
    if lists is not None:
        db.session.execute(update(lists).where(lists.c.meeting_id == meeting_id, lists.c.state != "queued")
                           .values(text=""))


def _pointing_at(target: str) -> list[tuple[Table, ColumnElement[int]]]:
    return [(table, column) for table in sorted(db.metadata.tables.values(), key=lambda table: table.name)
            for column in table.columns if any(key.target_fullname == target for key in column.foreign_keys)]


def count(kept: Kept, person_id: int, *, meeting_id: int | None) -> int:
    """How many rows of one column point at a person, in a meeting or anywhere."""
    table = db.metadata.tables[kept.table]
    return db.session.scalar(
        select(func.count()).select_from(table).where(*_where(kept, table, person_id, meeting_id))) or 0


def repoint(kept: Kept, person_id: int, *, to: int | None, meeting_id: int | None) -> None:
    """Let rows point at somebody else, or at nobody, and empty what is to be emptied."""
    table = db.metadata.tables[kept.table]
    values: dict[str, Any] = {name: _nothing(table.c[name]) for name in kept.clears}
    values |= {name: case((table.c[name] != "", TEXT_REMOVED), else_=table.c[name]) for name in kept.masks}
    if to != person_id:
        values[kept.name] = to
    if values:
        db.session.execute(update(table).where(*_where(kept, table, person_id, meeting_id)).values(values))


def _nothing(column: Column[Any]) -> Any:
    """What an emptied column holds."""
    if column.nullable:
        return None
    return [] if isinstance(column.type, JSON) else ""


def remove(kept: Kept, person_id: int, *, meeting_id: int | None) -> None:
    """Delete the rows that point at a person."""
    table = db.metadata.tables[kept.table]
    db.session.execute(delete(table).where(*_where(kept, table, person_id, meeting_id)))


def _where(kept: Kept, table: Table, person_id: int, meeting_id: int | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [table.c[kept.name] == person_id]
    if meeting_id is not None:
        found.append(_in_meeting(path_to_meeting(table.name), meeting_id))
    return found


def _in_meeting(path: Path, meeting_id: int) -> ColumnElement[bool]:
    """That a row belongs to a meeting: its way there, written from the meeting's end."""
    (name, column, target), *rest = path
    own = db.metadata.tables[name].c[column]
    if target == _MEETINGS:
        return own == meeting_id
    return own.in_(select(db.metadata.tables[target].c.id).where(_in_meeting(tuple(rest), meeting_id)))


@cache
def path_to_meeting(name: str) -> Path:
    """The shortest way from a table to its meeting along foreign keys, past no person. Raises LookupError where
    there is none."""
    waiting: deque[tuple[str, Path]] = deque([(name, ())])
    seen = {name, _PEOPLE}
    while waiting:
        current, path = waiting.popleft()
        if current == _MEETINGS:
            return path
        for column in db.metadata.tables[current].columns:
            for key in column.foreign_keys:
                target = key.target_fullname.partition(".")[0]
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, (*path, (current, column.name, target))))
    raise LookupError(f"{name} belongs to no meeting")
