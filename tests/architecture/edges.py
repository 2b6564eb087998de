"""The edges of the program, found from the application itself: its views and socket events."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from sigforum.live.guards import MEMBER_EVENTS, RAW_EVENTS
from tests.architecture.source import PACKAGE, Source


@dataclass(frozen=True)
class View:
    """One function that answers an address, in the file that holds it."""

    endpoint: str
    source: Source
    name: str

    @property
    def function(self) -> ast.FunctionDef:
        """Its syntax tree."""
        return next(node for node in self.source.nodes(ast.FunctionDef)
                    if isinstance(node, ast.FunctionDef) and node.name == self.name)


def views(app: Flask) -> list[View]:
    """Every view of the url map, whatever its file is called."""
    functions = {rule.endpoint: inspect.unwrap(app.view_functions[rule.endpoint])
                 for rule in app.url_map.iter_rules()}
    return [View(endpoint, source, function.__name__) for endpoint, function in sorted(functions.items())
            if (source := _source_of(function))]


def edge_files(app: Flask) -> list[Source]:
    """The files that hold a view or the handler of a socket event."""
    found = {view.source for view in views(app)}
    found |= {source for handler in (*MEMBER_EVENTS.values(), *RAW_EVENTS.values())
              if (source := _source_of(handler))}
    return sorted(found, key=lambda source: source.name)


def owners(app: Flask) -> dict[str, str]:
    """The feature of each endpoint."""
    return {view.endpoint: view.source.feature for view in views(app)}


def _source_of(function: Callable[..., Any]) -> Source | None:
    path = Path(inspect.getsourcefile(inspect.unwrap(function)) or "")
    return Source(path) if path.is_relative_to(PACKAGE) else None
