"""What a database is made of: tables, columns, indexes, triggers, functions, views, as it says itself.

A backup is a database that somebody else may have written. A trigger or a view in it would run with every vote, so that
after a restore there has to be what the migrations make and nothing else.
"""

import re
from collections.abc import Mapping

from sqlalchemy import Engine, text

_SQLITE = "SELECT type || ' ' || name AS name, coalesce(sql, '') AS definition FROM sqlite_master"
_POSTGRESQL = """
    SELECT 'column ' || c.relname || '.' || a.attname AS name,
           format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '
             || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS definition
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT concat('relation ', relkind, ' ', relname), '' FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'r', 'p')
    UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat('constraint ', conrelid::regclass, ' ', conname), pg_get_constraintdef(oid)
      FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat('trigger ', c.relname, ' ', t.tgname), pg_get_triggerdef(t.oid)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
    UNION ALL SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
    UNION ALL SELECT 'rule ' || tablename || ' ' || rulename, definition FROM pg_rules WHERE schemaname = 'public'
    UNION ALL SELECT 'policy ' || tablename || ' ' || policyname, coalesce(qual, '') FROM pg_policies
      WHERE schemaname = 'public'"""


def database_objects(engine: Engine) -> Mapping[str, str]:
    """Every object of the database and its definition, by its kind and name."""
    with engine.connect() as connection:
        rows = connection.execute(text(_SQLITE if engine.dialect.name == "sqlite" else _POSTGRESQL))
        return {row.name: _in_order(row.name, row.definition) for row in rows}


def _in_order(name: str, definition: str) -> str:
    """A definition without its line breaks. A table that a migration made anew on SQLite has its constraints in another
    order each time, so that its parts are sorted."""
    if name.startswith("constraint "):
        # PostgreSQL writes a list of values with other casts and parentheses once it was dumped and restored.
        definition = re.sub(r"::[a-z]+( varying)?(\[\])?|[()]", "", definition)
    parts = re.split(r"\s+|(?=[(),])|(?<=[(),])", definition)
    return " ".join(sorted(parts) if name.startswith("table ") else parts)


def differing(found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """The names of objects that are missing, added or defined otherwise."""
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
