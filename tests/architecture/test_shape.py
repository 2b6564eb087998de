"""The shape of the source: sizes, imports at the top, names, and what a package's own file may hold."""

import ast

from tests.architecture.source import PACKAGE, listed, program

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def test_modules_are_short() -> None:
    long = [f"{source.name} has {len(source.lines)} lines" for source in program()
            if len(source.lines) > LONGEST_MODULE]
    assert not long, listed(long, f"Past {LONGEST_MODULE} lines a module does two things; the habit is about 150. "
                                  "Split it by what it does, and never into utils or helpers.")


def test_functions_are_short() -> None:
    long = [f"{source.name}:{node.lineno} {node.name} has {length} lines"
            for source in program() for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION]
    assert not long, listed(long, f"Past {LONGEST_FUNCTION} lines a function does two things; the habit is 30. "
                                  "Name the second thing and give it a function.")


def test_imports_stand_at_the_top_or_say_why() -> None:
    wrong = []
    for source in program():
        if source.path.name.endswith("cli.py"):
            # A command loads what it needs when it runs, so that no --help waits (tests/operations/test_help.py).
            continue
        for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom) and "#" not in source.lines[inner.lineno - 1]:
                    wrong.append(f"{source.name}:{inner.lineno} {source.lines[inner.lineno - 1].strip()}")
    assert not wrong, listed(wrong, "Import at the top of the file. If that makes a circle, an arrow points up: move "
                                    "the shared part down. A real reason stands as a comment on that line.")


def test_package_files_hold_a_docstring_and_nothing_else() -> None:
    wrong = []
    for source in program():
        if source.path.name == "__init__.py" and not (
                len(source.tree.body) == 1 and ast.get_docstring(source.tree)):
            wrong.append(source.name)
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    wrong += [f"{folder} has no __init__.py" for folder in folders if not (folder / "__init__.py").exists()]
    assert not wrong, listed(wrong, "A package's __init__.py holds its docstring alone, so that importing something "
                                    "pure loads no Flask. Put the code into a module with a name.")


def test_modules_open_with_one_sentence() -> None:
    wrong = [source.name for source in program()
             if not (ast.get_docstring(source.tree) or "").split("\n\n")[0].rstrip().endswith((".", ":"))]
    assert not wrong, listed(wrong, "Open the module with one sentence that says what it is for.")


def test_no_module_is_a_drawer() -> None:
    wrong = [source.name for source in program()
             if {"util", "utils", "helper", "helpers", "common", "manager", "misc"} & set(source.path.stem.split("_"))]
    assert not wrong, listed(wrong, "Name the module after what it does, in product words.")


def test_session_alone_is_never_a_forum_session() -> None:
    """Flask and SQLAlchemy each own the bare word; a session of the agenda is a `forum_session`."""
    wrong = []
    for source in program():
        from_flask = any(module == "flask.session" for _, module in source.imports())
        for node in source.nodes(ast.Name, ast.arg, ast.FunctionDef):
            name = getattr(node, "id", None) or getattr(node, "arg", None) or getattr(node, "name", None)
            is_assigned = not isinstance(node, ast.Name) or isinstance(node.ctx, ast.Store)
            if name == "session" and (is_assigned or not from_flask):
                wrong.append(f"{source.name}:{node.lineno}")
    assert not wrong, listed(wrong, "Write forum_session for one of the agenda, and db.session for the "
                                    "database's.")
