"""The Flask extensions, created here and bound in app.py."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from huey import SqliteHuey, crontab
from sqlalchemy import DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from sigforum.kernel.clock import as_utc


class Base(DeclarativeBase):
    """All tables; names of constraints are fixed so that migrations can speak of them."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    })


class UtcDateTime(TypeDecorator[datetime]):
    """A moment that is aware and in UTC on both sides, also where the database keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a naive moment is a mistake of the caller's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        return as_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else as_utc(value)


class Job:
    """A function that the worker runs, with the application at hand; to call it is to put it into the queue."""

    def __init__(self, work: Callable[..., None]) -> None:
        self.work = work
        self.queue: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> None:
        """Have it done soon. Raises RuntimeError where no feature installed it."""
        if self.queue is None:
            raise RuntimeError(f"no install() adds the job {self.work.__name__}")
        self.queue(*arguments)


class Jobs(SqliteHuey):
    """The queue between web and worker. It only wakes: what is to be done stands in the features' tables,
    so a lost wake-up is made good by the next sweep, and a repeated one finds nothing to do."""

    app: Flask

    def __init__(self, name: str, **settings: Any) -> None:
        super().__init__(name, **settings)
        self._by_clock: list[Callable[[], None]] = []

    def bind(self, app: Flask) -> None:
        """Use this application's queue file."""
        self.app = app
        self.storage_kwargs["filename"] = str(app.config["SETTINGS"].instance / "jobs.db")
        self.storage = self.create_storage()

    def add(self, job: Job) -> None:
        """Let the worker know a job. Adding it again, for another application, changes nothing."""
        if job.queue is None:
            job.queue = self.task()(self._in_app(job.work))

    def add_by_clock(self, work: Callable[[], None], *, minute: str = "*", hour: str = "*") -> None:
        """Have the worker do something at these minutes and hours, as cron writes them."""
        if work not in self._by_clock:
            self._by_clock.append(work)
            self.periodic_task(crontab(minute=minute, hour=hour))(self._in_app(work))

    def _in_app(self, work: Callable[..., None]) -> Callable[..., None]:
        @wraps(work)
        def run(*arguments: Any) -> None:
            with self.app.app_context():
                work(*arguments)
        return run


jobs = Jobs("sigforum", filename=":memory:")
db = SQLAlchemy(model_class=Base)
# What every table inherits; type checkers cannot follow how the extension makes it.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
login_manager = LoginManager()
socketio = SocketIO()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="moving-window")
