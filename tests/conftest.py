"""The fixtures of all tests: a real application on a real database, and a cast of people."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event

from sigforum.app import create_app
from sigforum.extensions import db
from sigforum.migrating import upgrade
from sigforum.people.links import make_link
from sigforum.people.models import Person
from sigforum.people.queries import memberships_of
from sigforum.settings import Settings
from tests.ballots.earlier import earlier_terms
from tests.browser import Browser
from tests.casting import Cast, make_cast
from tests.postgres import PostgresCluster, start_postgres


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCluster]:
    """A temporary PostgreSQL cluster of our own."""
    cluster = start_postgres(tmp_path_factory.mktemp("postgres"))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the migration head; each test starts from a copy of it."""
    folder = tmp_path_factory.mktemp("migrated")
    migrate(Settings(secret_key="migrating", instance=folder, async_mode="threading"))
    return folder / "sigforum.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database at the migration head."""
    url = postgres.new_database()
    migrate(Settings(secret_key="migrating", instance=tmp_path_factory.mktemp("migrated"), database_url=url,
                     async_mode="threading"))
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def staged(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A SQLite file with the cast in it, and who they are; a copy costs less than a cast a test."""
    folder = tmp_path_factory.mktemp("staged")
    shutil.copy(migrated, folder / "sigforum.db")
    return folder / "sigforum.db", stage(Settings(
        secret_key="staging", instance=folder, async_mode="threading"))


@pytest.fixture(scope="session")
def staged_postgres(postgres: PostgresCluster, migrated_postgres: str,
                    tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Cast]:
    """The name of a PostgreSQL database with the cast in it, and who they are."""
    url = postgres.new_database(template=migrated_postgres)
    return url.rpartition("/")[2], stage(Settings(
        secret_key="staging", instance=tmp_path_factory.mktemp("staged"), database_url=url,
        async_mode="threading"))


def migrate(settings: Settings) -> None:
    """Bring a database to the migration head, and let go of it."""
    with changing(settings):
        upgrade()


def stage(settings: Settings) -> Cast:
    """Put the cast into a migrated database, and let go of it."""
    with changing(settings):
        return make_cast()


@contextmanager
def changing(settings: Settings) -> Iterator[None]:
    """An application in whose database something is prepared; afterwards it can be copied."""
    app = create_app(settings)
    with app.app_context():
        yield
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            # What was written must be in the file itself before it is copied.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: whole stories in browsers, and what installs packages, come last; the longest not at the
    very end, where one process would wait for the other."""
    def weight(item: pytest.Item) -> int:
        if item.get_closest_marker("journey"):
            return 2 if "test_main_story" in item.nodeid else 3
        return 1 if "test_wheel" in item.nodeid else 0
    items.sort(key=weight)


def pytest_collection_finish() -> None:
    """What is imported stays; to look through it for garbage again and again takes a sixth of the time. Applications
    come and go whole, so that garbage may wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both_databases` run on SQLite and on PostgreSQL, all others on SQLite."""
    if "database" in metafunc.fixturenames:
        is_both = metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("database", ["sqlite", "postgresql"] if is_both else ["sqlite"])


@pytest.fixture
def settings(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of an application with an instance folder and a migrated database of its own, which holds the
    cast where the test asks for it and nothing where it does not."""
    instance, url = tmp_path / "instance", ""
    has_cast = "cast" in request.fixturenames
    instance.mkdir()
    if database == "sqlite":
        file = request.getfixturevalue("staged")[0] if has_cast else request.getfixturevalue("migrated")
        shutil.copy(file, instance / "sigforum.db")
    else:
        template = (request.getfixturevalue("staged_postgres")[0] if has_cast
                    else request.getfixturevalue("migrated_postgres"))
        url = request.getfixturevalue("postgres").new_database(template=template)
    return Settings(secret_key="a secret of the tests", instance=instance, database_url=url,
                    # So is what one person may do in a second.
                    base_url="http://localhost", async_mode="threading", pace=1000)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all applications of a run, which would otherwise be most of its time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def engines() -> dict[str, Engine]:
    """The first engine of each kind of database. Those that follow take over its statements, compiled once."""
    return {}


@pytest.fixture(scope="session")
def make_app(compiled_templates: FileSystemBytecodeCache, engines: dict[str, Engine]) -> Callable[[Settings], Flask]:
    """A function that builds an application for tests, with what those before it have compiled."""
    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = compiled_templates
        app.test_client_class = Browser
        app.config["TESTING"] = True
        # Cross-site forgery is tested on its own, with this on.
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            if db.engine.dialect.name == "sqlite":
                # Power cuts are for the tests that kill real processes.
                event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
            if (first := engines.get(db.engine.dialect.name)) is None:
                # A dialect knows its database after the first connection.
                db.engine.connect().close()
                engines[db.engine.dialect.name] = db.engine
            else:
                # Statements are remembered for a dialect, so both go over.
                db.engine.dialect, db.engine._compiled_cache = first.dialect, first._compiled_cache
        return app
    return make


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Iterator[Flask]:
    """An application with its own database, inside its context."""
    app = make_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask, database: str, request: pytest.FixtureRequest) -> Cast:
    """A meeting with people in every role; see tests/casting.py."""
    people: Cast = request.getfixturevalue("staged" if database == "sqlite" else "staged_postgres")[1]
    return people


@pytest.fixture
def whole_database(app: Flask) -> Callable[[], dict[str, list[str]]]:
    """A function that reads every row of every table, to compare before with after. A row prints itself shortened;
    a tuple does not."""
    def read() -> dict[str, list[str]]:
        db.session.rollback()
        with db.engine.connect() as connection:
            return {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                    for table in db.metadata.sorted_tables}
    return read


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


@pytest.fixture(autouse=True)
def terms(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests marked `earlier_terms` look at two people's polls as rounds of earlier versions tell them."""
    with earlier_terms() if request.node.get_closest_marker("earlier_terms") else nullcontext():
        yield


@pytest.fixture
def sign_in(app: Flask):
    """A function that gives a browser in which a person is signed in."""
    def sign_in(person: Person | None) -> FlaskClient:
        browser = app.test_client()
        if person is not None:
            # A link accepts the invitation it was made for; most people of the tests have accepted theirs.
            invited = next((one.meeting_id for one in memberships_of(person.id) if one.status == "invited"), None)
            link = make_link(person, lifetime=timedelta(hours=1), meeting_id=invited)
            assert browser.post(link.removeprefix("http://localhost")).status_code == 302
        return browser
    return sign_in


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with reference cases and data, where it is at hand; tests that need it are skipped without."""
    folder = Path(os.environ.get("SIGFORUM_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "cases").is_dir():
        pytest.skip("the shared folder with cases and data is not here")
    return folder


