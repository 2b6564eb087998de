"""Finds templates, static files, migrations and wsgi.py, in a checkout as in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The path of a top-level resource: beside the package in a checkout, inside it in a wheel."""
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name
