"""PostgreSQL: tables are written anew, so that old rows leave their files."""

from collections.abc import Collection

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from sigforum.extensions import db
from sigforum.traces.domain import Kind

# Whoever votes queues behind a lock that is waited for; after so long the lock is given up and tried for again.
_LOCK_MILLISECONDS = 60
SECRET_TABLES = ("participations", "secret_ballots")
# An erasure leaves these rows as they are, but for a number that names nobody; to write them anew would stop votes.
_NEVER = ("votes", "vote_changes", "rounds", "polls", "alembic_version")

# Whether nobody reads a state of the database from before the transaction: else old rows have to stay for them.
_IS_PAST = text("""
    SELECT NOT EXISTS (
      SELECT FROM (
        SELECT backend_xmin AS number FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        UNION ALL SELECT backend_xid FROM pg_stat_activity WHERE pid <> pg_backend_pid()
        UNION ALL SELECT xmin FROM pg_replication_slots
        UNION ALL SELECT transaction FROM pg_prepared_xacts) AS others
      WHERE number IS NOT NULL AND age(number) >= age(CAST(CAST(:number AS text) AS xid)))""")


def remove(engine: Engine, kinds: Collection[Kind], transaction_numbers: Collection[str]) -> bool:
    """Write the tables anew that hold traces; False where somebody holds one of them, or reads an older state."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for number in transaction_numbers:
            if not connection.scalar(_IS_PAST, {"number": number}):
                return False
        connection.execute(text(f"SET lock_timeout = {_LOCK_MILLISECONDS}"))
        try:
            for table in _tables(kinds):
                connection.execute(text(f"VACUUM (FULL) {table}"))
        except OperationalError:
            return False
        finally:
            connection.execute(text("SET lock_timeout = DEFAULT"))
    return True


def _tables(kinds: Collection[Kind]) -> list[str]:
    if Kind.ERASURE in kinds:
        return [table.name for table in db.metadata.sorted_tables if table.name not in _NEVER]
    return list(SECRET_TABLES)
