"""The index compared with what it indexes, word by word."""

from dataclasses import dataclass, field

from sqlalchemy import text

from sigforum.extensions import db
from sigforum.search.domain import _WORD, Phrase, Wanted, fold
from sigforum.search.queries import SOURCES, Source, fts5_words, matching, tsquery_words

BY_TABLE = {source.table: source for source in SOURCES}


@dataclass
class Comparison:
    """Compares again and again, and remembers the words it saw: those that are gone must be gone from the index."""

    seen: dict[str, set[str]] = field(default_factory=dict)

    def drift(self, *tables: str) -> list[str]:
        """Every word that the index gives for other rows than hold it; empty while it is true."""
        db.session.rollback()
        problems = [problem for source in SOURCES if not tables or source.table in tables
                    for problem in self._drift_of(source)]
        # Nothing is kept locked: the next step may change tables.
        db.session.rollback()
        return problems

    def _drift_of(self, source: Source) -> list[str]:
        rows = db.session.execute(text(f"SELECT id, {', '.join(source.columns)} FROM {source.table}")).all()
        held = {identifier: {word for said in texts if said for word in _WORD.findall(said)}
                for identifier, *texts in rows}
        folded = {identifier: set(map(fold, words)) for identifier, words in held.items()}
        words = self.seen.setdefault(source.table, set())
        words |= set().union(*held.values())
        problems = []
        for word in sorted(words):
            there = indexed(source, word)
            # SQLite takes accents off the plain letters alone, so that æ with one is a letter of its own.
            if not ({identifier for identifier, words in held.items() if word in words} <= there
                    <= {identifier for identifier, words in folded.items() if fold(word) in words}):
                problems.append(f"{source.table}: {word}")
        return problems


def indexed(source: Source, word: str) -> set[int]:
    """The rows of a source that hold a word, as far as the index knows."""
    dialect, wanted = db.engine.dialect.name, Wanted(phrases=(Phrase(words=(word,)),))
    words = fts5_words(wanted) if dialect == "sqlite" else tsquery_words(wanted)
    return set(db.session.scalars(text(matching(source, dialect)), {"words": words}))
