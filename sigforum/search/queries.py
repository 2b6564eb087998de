"""What the index knows: candidates, newest first. Whether the viewer may see one is decided where it is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import TextClause, bindparam, text

from sigforum.extensions import db
from sigforum.search.domain import Phrase, Wanted
from sigforum.search.spellings import ALIKE, AS, POINTS, bare, without_accents

# Of each source. More than anybody reads, and few enough to be loaded at once.
MOST_CANDIDATES = 200


@dataclass(frozen=True, kw_only=True)
class Source:
    """A table whose words are indexed, and the way from there to what is shown.

    `where` leaves out what the viewer can never see: a candidate that is filtered later would take the place of one
    that is shown, and so tell that it is there.
    """

    name: str
    table: str
    columns: tuple[str, ...] = ("text",)
    id: str = "said.id"
    place: str = "said.forum_session_id"
    joins: str = ""
    where: str = ""


_IS_SEEN = "said.hidden_at IS NULL OR said.author_id = :person OR said.forum_session_id IN :chaired"
_IS_NEWEST = ("NOT EXISTS (SELECT 1 FROM question_wordings AS newer WHERE newer.question_id = said.question_id "
              "AND newer.number > said.number)")
# A question that was taken off the agenda stays on the page while it holds responses.
_IS_ASKED = ("questions.retired_at IS NULL OR EXISTS (SELECT 1 FROM responses WHERE responses.question_id = "
             "questions.id AND responses.parent_id IS NULL)")

SOURCES: tuple[Source, ...] = (
    Source(name="session", table="forum_sessions", columns=("title", "theme"), place="said.id",
           where="said.id IN :readable"),
    Source(name="question", table="question_wordings", id="questions.id", place="questions.forum_session_id",
           joins="JOIN questions ON questions.id = said.question_id",
           where=f"questions.forum_session_id IN :readable AND {_IS_NEWEST} AND ({_IS_ASKED})"),
    Source(name="line", table="summary_wordings", id="summary_lines.id", place="summaries.forum_session_id",
           joins="JOIN summary_lines ON summary_lines.id = said.line_id "
                 "JOIN summaries ON summaries.id = summary_lines.summary_id",
           where="summaries.forum_session_id IN :readable"),
    Source(name="position", table="minority_positions", place="summaries.forum_session_id",
           joins="JOIN summaries ON summaries.id = said.summary_id",
           where="summaries.forum_session_id IN :readable AND said.withdrawn_at IS NULL"),
    Source(name="poll", table="polls", columns=("title",),
           where="said.forum_session_id IN :entered AND NOT said.is_standing AND "
                 "(said.state <> 'draft' OR said.forum_session_id IN :chaired)"),
    Source(name="option", table="options", place="polls.forum_session_id",
           joins="JOIN polls ON polls.id = said.poll_id",
           where="polls.forum_session_id IN :entered AND "
                 "(polls.state <> 'draft' OR polls.forum_session_id IN :chaired)"),
    Source(name="response", table="responses",
           where=f"said.forum_session_id IN :entered AND said.withdrawn_at IS NULL AND ({_IS_SEEN})"),
)


@dataclass(frozen=True)
class Candidate:
    """Something that holds the wanted words, as far as the index knows."""

    source: str
    id: int
    forum_session_id: int


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Which forum sessions of a meeting are searched for somebody: the pages they may read, those whose rules they
    have read, and those they chair."""

    person_id: int
    readable: Collection[int]
    entered: Collection[int]
    chaired: Collection[int]


def candidates(wanted: Wanted, reach: Reach) -> Sequence[Candidate]:
    """What holds the wanted words, each source newest first, in one statement."""
    dialect = db.engine.dialect.name
    words = fts5_words(wanted) if dialect == "sqlite" else tsquery_words(wanted)
    runs = list(dict.fromkeys(run for phrase in wanted.phrases for run in phrase.unspaced))
    pointed = list(dict.fromkeys(word for phrase in wanted.phrases for word in phrase.pointed))
    if pointed and dialect == "sqlite":
        # For this connection alone: nothing that is stored may need it.
        db.session.connection().connection.driver_connection.create_function(  # type: ignore[union-attr]
            "search_bare", 1, bare, deterministic=True)
    rows = db.session.execute(_statement(dialect, bool(words), len(runs), len(pointed)), {
        **({"words": words} if words else {}), "person": reach.person_id,
        **{f"run_{number}": f"%{run}%" for number, run in enumerate(runs)},
        **{f"pointed_{number}": f"%{word}%" for number, word in enumerate(pointed)},
        **({"points": ALIKE + POINTS, "without": AS} if pointed and dialect != "sqlite" else {}),
        "readable": list(reach.readable), "entered": list(reach.entered), "chaired": list(reach.chaired),
        "most": MOST_CANDIDATES})
    # A summary's line has several wordings, and so may be there more than once.
    return list(dict.fromkeys(Candidate(*row) for row in rows))


def fts5_words(wanted: Wanted) -> str:
    """The query in SQLite's words. Phrases hold letters and digits alone, so that nothing in them is an operator."""
    found = []
    for phrase in _spaced(wanted):
        ways = [f'"{" ".join(words)}"{"*" if phrase.is_beginning else ""}' for words in phrase.spellings]
        found.append(f"({' OR '.join(ways)})" if len(ways) > 1 else ways[0])
    return " AND ".join(found)


def tsquery_words(wanted: Wanted) -> str:
    """The same in PostgreSQL's."""
    found = []
    for phrase in _spaced(wanted):
        ways = [" <-> ".join(f"'{without_accents(word)}'" for word in words) for words in phrase.spellings]
        ways = [f"({way}{':*' if phrase.is_beginning else ''})" for way in ways]
        found.append(f"({' | '.join(ways)})" if len(ways) > 1 else ways[0])
    return " & ".join(found)


def _spaced(wanted: Wanted) -> list[Phrase]:
    """The phrases that an index of words knows. The others are looked for in the texts themselves."""
    return [phrase for phrase in wanted.phrases if not phrase.unspaced and not phrase.pointed]


def matching(source: Source, dialect: str, *, has_words: bool = True, runs: int = 0, pointed: int = 0) -> str:
    """The ids of a table's rows that hold the words, so many runs of signs without blanks, and so many words that are
    compared without their points."""
    if runs or pointed:
        # A blank without width, which tells a screen where a line may end, stands between words that nobody parts.
        texts = [f"replace({column}, '\u200b', '') LIKE :run_{{}}" for column in source.columns]
        plain = [f"search_bare({column})" if dialect == "sqlite" else
                 f"translate(normalize({column}, NFD), :points, :without)" for column in source.columns]
        held = " AND ".join([
            *(f"({' OR '.join(texts).format(*[number] * len(texts))})" for number in range(runs)),
            *(f"({' OR '.join(f'{one} LIKE :pointed_{number}' for one in plain)})" for number in range(pointed))])
        known = f" AND id IN (SELECT id FROM ({matching(source, dialect)}) AS known)" if has_words else ""
        return f"SELECT id FROM {source.table} WHERE {held}{known}"
    if dialect == "sqlite":
        return f"SELECT rowid AS id FROM search_{source.table} WHERE search_{source.table} MATCH :words"
    words = (source.columns[0] if len(source.columns) == 1
             else " || ' ' || ".join(f"coalesce({column}, '')" for column in source.columns))
    # With an offset PostgreSQL asks the index first, whatever it thinks of the order that is wanted.
    return (f"SELECT id FROM {source.table} WHERE search_words({words}) @@ to_tsquery('simple', :words) OFFSET 0")


@cache
def _statement(dialect: str, has_words: bool, runs: int, pointed: int) -> TextClause:
    parts = [
        f"SELECT * FROM (SELECT '{one.name}' AS source, {one.id} AS id, {one.place} AS forum_session_id "
        # A cross join, which SQLite keeps in this order: first the index, then the rows it names.
        f"FROM ({matching(one, dialect, has_words=has_words, runs=runs, pointed=pointed)}) AS found "
        f"CROSS JOIN {one.table} AS said {one.joins} "
        f"WHERE said.id = found.id AND {one.where} ORDER BY found.id DESC LIMIT :most) AS {one.name}s"
        for one in SOURCES]
    return text(" UNION ALL ".join(parts)).bindparams(
        *(bindparam(name, expanding=True) for name in ("readable", "entered", "chaired")))
