"""Indexes of words: FTS5 tables that triggers keep true, or GIN indexes on an expression."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The tables that are searched, with the columns whose words count. Never a name of anybody, and never a vote.
SOURCES = {
    "forum_sessions": ("title", "theme"),
    "question_wordings": ("text",),
    "responses": ("text",),
    "polls": ("title",),
    "options": ("text",),
    "summary_wordings": ("text",),
    "minority_positions": ("text",),
}

# Accents and signs are taken away by what they are and not by the database's locale, which may know ASCII alone.
# Nothing but pg_catalog is named: a restored dump makes the indexes before it has a search path. What is longer than
# any text may be is cut, because a tsvector has an end.
WORDS = r"""
CREATE FUNCTION search_words(said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 SET search_path = pg_catalog AS $$
  SELECT to_tsvector('simple'::regconfig, regexp_replace(
    normalize(regexp_replace(normalize(left(coalesce(said, ''), 100000), NFD), '[\u0300-\u036f]', '', 'g'), NFC),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7'
    '\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\U0001f000-\U0001faff]+',
    ' ', 'g'))
$$
"""


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        for table, columns in SOURCES.items():
            _upgrade_sqlite(table, columns)
        return
    op.execute(WORDS)
    for table, columns in SOURCES.items():
        words = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns) if len(columns) > 1 else columns[0]
        op.execute(f"CREATE INDEX search_{table} ON {table} USING gin (search_words({words}))")


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for table in SOURCES:
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER search_{table}_{event}")
            op.execute(f"DROP TABLE search_{table}")
        return
    for table in SOURCES:
        op.execute(f"DROP INDEX search_{table}")
    op.execute("DROP FUNCTION search_words(text)")


def _upgrade_sqlite(table, columns):
    """An index without a copy of the words, the triggers that keep it true, and what is there already."""
    index, names = f"search_{table}", ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{table}', content_rowid='id', columnsize=0, "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 2')")
    # An index that keeps no copy has to be told which words go.
    take = f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', old.id, {old});"
    put = f"INSERT INTO {index} (rowid, {names}) VALUES (new.id, {new});"
    op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {take} END")
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    op.execute(f"CREATE TRIGGER {index}_update AFTER UPDATE OF {names} ON {table} WHEN {changed} "
               f"BEGIN {take} {put} END")
    op.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
