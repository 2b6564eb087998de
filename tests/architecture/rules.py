"""Rules of the house as functions: facts in, a line for each fault out. test_rules.py plants a fault for each."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.architecture.edges import View
from tests.architecture.source import FEATURES, Source

GUARDS = {"public", "any_sign_in", "signed_in", "host", "member", "own_member", "organizer"}
# The features, and what stands below all of them. live stands between agenda and people.
HEIGHTS: dict[str, float] = {feature: -index for index, feature in enumerate(FEATURES)}
HEIGHTS |= {"live": HEIGHTS["people"] + 0.5, "web": -100, "": 100}
ADDRESS = re.compile(r"""url_for\(\s*["']([a-z_]*\.[a-z_]+)["']""")
STATEMENTS = {f"sqlalchemy.{name}" for name in ("select", "update", "delete", "insert", "text")}


@dataclass(frozen=True)
class Reference:
    """One place (file and line) of a feature that names something of another: an address."""

    where: str
    feature: str
    name: str


def guard_faults(views: Iterable[View]) -> list[str]:
    """Views that wear no guard or several, or wear it outside the route, where it is not called."""
    wrong = []
    for view in views:
        worn = [ast.unparse(decorator) for decorator in view.function.decorator_list]
        guards = [name for name in worn if name in GUARDS]
        where = f"{view.source.name}:{view.function.lineno} {view.name}"
        if len(guards) != 1:
            wrong.append(f"{where} wears {' and '.join(guards) or 'no guard'}")
        elif worn[0] == guards[0]:
            wrong.append(f"{where} has its guard outside the route")
    return wrong


def reads_in_edges(edges: Iterable[Source]) -> list[str]:
    """Edges that ask the database themselves: a statement, or the session for anything but its end."""
    wrong = []
    for source in edges:
        wrong += [f"{source.name}:{line} imports {module}" for line, module in source.imports()
                  if module in STATEMENTS]
        wrong += [f"{source.name}:{node.lineno} calls {ast.unparse(node)}" for node in source.nodes(ast.Attribute)
                  if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "db.session"
                  and node.attr not in ("rollback", "remove")]
    return wrong


def sibling_edges(edges: Iterable[Source]) -> list[str]:
    """Edges that import from another edge."""
    every = list(edges)
    modules = {source.module for source in every}
    return [f"{source.name}:{line} imports {module}" for source in every for line, module in source.imports()
            if module in modules or module.rpartition(".")[0] in modules]


def acts_on_import(sources: Iterable[Source]) -> list[str]:
    """Calls that stand at the top of a module for what they do and not for what they give."""
    return [f"{source.name}:{node.lineno} {ast.unparse(node)}" for source in sources for node in source.tree.body
            if isinstance(node, ast.For | ast.While | ast.With)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))]


def named_in(texts: Iterable[tuple[str, str, str]], pattern: re.Pattern[str]) -> Iterator[Reference]:
    """What texts, each given with its file and feature, name by a pattern; `.view` is one of their own and skipped."""
    for where, feature, text in texts:
        for found in pattern.finditer(text):
            if not found[1].startswith("."):
                yield Reference(f"{where}:{text.count(chr(10), 0, found.start()) + 1}", feature, found[1])


def upward(references: Iterable[Reference], owners: Mapping[str, str]) -> list[str]:
    """References from a lower feature to a name that a higher one owns, and to names that nobody owns."""
    wrong = []
    for reference in references:
        owner = owners.get(reference.name)
        if owner is None:
            wrong.append(f"{reference.where} names {reference.name}, which nobody owns")
        elif HEIGHTS[reference.feature] < HEIGHTS[owner]:
            wrong.append(f"{reference.where} names {reference.name} of {owner}, above {reference.feature}")
    return wrong
