"""The small pictures that a page shows by the hundred; a template's macro would take ten times as long."""

from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

_ICON = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>')
_BAR = Markup(
    '<svg class="bar" aria-hidden="true" focusable="false" height="6">'
    '<rect class="bar-track" width="100%" height="100%" fill="#ddd"/>\n'
    '  <rect class="bar-fill" width="{:.2f}%" height="100%" fill="#14717a"/></svg>')


def bind(app: Flask) -> None:
    """Give `_macros.html` its icons and bars."""
    asset: Any = app.jinja_env.globals["asset"]
    sprite: str = asset("vendor/icons.svg")

    @lru_cache(maxsize=200)
    def icon(name: str) -> Markup:
        return _ICON.format(sprite, name)
    app.jinja_env.globals |= {"icon_picture": icon, "bar_picture": bar}


@lru_cache(maxsize=2000)
def bar(share: float) -> Markup:
    """A bar filled to a share from 0 to 1."""
    return _BAR.format(100 * share)
