"""Finds plug-ins: every module of a package that carries a given name."""

import importlib
import pkgutil
from functools import cache
from typing import Any


@cache
def load_plugins(package: str, attribute: str) -> dict[str, Any]:
    """Import every module of `package` and collect its `attribute`, keyed by the plug-in's `.name`.

    Modules without the attribute are passed over. The order is that of the module names, so menus are
    stable. Raises ValueError where two plug-ins claim one name: the second would silently hide the first.
    """
    folder = importlib.import_module(package)
    found: dict[str, Any] = {}
    for info in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package}.{info.name}")
        plugin = getattr(module, attribute, None)
        if plugin is None:
            continue
        if plugin.name in found:
            raise ValueError(f"two plug-ins in {package} are named {plugin.name!r}; rename one of them")
        found[plugin.name] = plugin
    return found
