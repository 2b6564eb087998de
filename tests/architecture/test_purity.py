"""Pure files stay pure, and eventlet stays in one file."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, Source, listed, program

PURE = re.compile(
    r"sigforum/(kernel/.*|consensus/.*|[a-z]+/(domain|policy|events)|ballots/kinds/.*|agenda/importing/.*"
    r"|summaries/document/.*)\.py")
# errors.py and the like are pure too where they happen to be; these may never be anything else.
IMPURE = ("flask", "flask_sqlalchemy", "flask_socketio", "flask_login", "flask_migrate", "flask_wtf",
          "flask_limiter", "sqlalchemy", "alembic", "socketio", "engineio", "eventlet", "huey", "werkzeug",
          "sigforum.extensions", "sigforum.database", "sigforum.transaction", "sigforum.settings", "sigforum.web",
          "os", "socket", "subprocess")


def pure_files() -> list[Source]:
    return [source for source in program() if PURE.fullmatch(source.name)]


def test_pure_files_are_found() -> None:
    names = {source.name for source in pure_files()}
    assert {"sigforum/kernel/errors.py", "sigforum/consensus/rules/rand_ucla.py", "sigforum/ballots/domain.py",
            "sigforum/ballots/policy.py", "sigforum/people/events.py", "sigforum/ballots/kinds/points.py",
            "sigforum/agenda/importing/yaml_format.py", "sigforum/summaries/document/summary.py"} <= names


def test_pure_files_import_no_edge() -> None:
    wrong = [f"{source.name}:{line} imports {module}" for source in pure_files() for line, module in source.imports()
             if any(module == name or module.startswith(name + ".") for name in IMPURE)]
    assert not wrong, listed(wrong, "These files are pure: values in, values out. Read the request, the database "
                                    "or the environment in an edge, an action or a query, and pass plain values.")


@pytest.mark.parametrize("folder", ["kernel", "consensus"])
def test_bottom_imports_no_feature(folder: str) -> None:
    allowed = {"kernel": ("sigforum.kernel.",), "consensus": ("sigforum.kernel.", "sigforum.consensus.")}[folder]
    wrong = [f"{source.name}:{line} imports {module}" for source in program() if source.feature == folder
             for line, module in source.imports() if module.startswith("sigforum.") and not module.startswith(allowed)]
    assert not wrong, listed(wrong, f"{folder} stands at the bottom and knows no feature. Move what needs one up "
                                    "into that feature, and hand plain values down.")


# Names the value that async_mode has in production, and imports nothing.
EVENTLET_SETTING = "sigforum/settings.py"


def test_eventlet_is_named_in_wsgi_alone() -> None:
    migrations = [Source(path) for path in sorted((ROOT / "migrations").rglob("*.py"))]
    wrong = []
    for source in (*program(), *migrations):
        if source.name == "wsgi.py":
            continue
        wrong += [f"{source.name}:{line} imports {module}" for line, module in source.imports()
                  if module.partition(".")[0] == "eventlet"]
        wrong += [f"{source.name}:{node.lineno} names it" for node in source.nodes(ast.Constant, ast.Name)
                  if source.name != EVENTLET_SETTING and "eventlet" in (getattr(node, "value", ""),
                                                                        getattr(node, "id", ""))]
    assert not wrong, listed(wrong, "Only wsgi.py names eventlet, so that it can be replaced in one place. Use "
                                    "`threading` and `time`, which wsgi.py patches, or the server's own "
                                    "`start_background_task` and `eio.create_event`.")
    assert "eventlet" in {module for source in program() if source.name == "wsgi.py" for _, module in source.imports()}
