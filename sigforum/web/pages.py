"""The pages of a module, which the install() of its feature adds to an application."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])


class Pages:
    """The views of one module with their addresses. Nothing is reached before install() names it."""

    def __init__(self) -> None:
        self._views: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Answer GET and HEAD at an address. `options` are those of a rule of Werkzeug."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Answer POST at an address."""
        return self.route(rule, methods=["POST"], **options)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Answer the `methods` named, GET where none is."""
        def add(view: View) -> View:
            self._views.append((rule, view, options))
            return view
        return add

    def add_to(self, app: Flask, name: str, *, under: str = "") -> None:
        """Add the views as the endpoints `name.view`, with `under` before their addresses."""
        for rule, view, options in self._views:
            app.add_url_rule(under + rule, f"{name}.{view.__name__}", view, **options)
