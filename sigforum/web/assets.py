"""Static files under an address that names their content, so that browsers may keep them for ever."""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory

_IMPORT = re.compile(r'@import (?:url\()?"([^"]+)"\)?(?: layer\(([a-z-]+)\))?;')


def bind(app: Flask, static: Path) -> None:
    """Serve the static folder at /static/<version>/ and give templates `asset(path)`."""
    version = _tree_hash(static)
    bundles: dict[str, str] = {}

    def asset(path: str) -> str:
        return f"/static/{version}/{path}"

    @app.get("/static/<asked>/<path:path>")
    def show_asset(asked: str, path: str) -> Response:
        if path == "css/app.css":
            # One file instead of one request a component; the sources stay small.
            if path not in bundles or current_app.debug:
                bundles[path] = bundle(static / path)
            response = Response(bundles[path], mimetype="text/css")
            response.set_etag(version)
            response.make_conditional(request)
        else:
            response = send_from_directory(static, path)
        is_current = asked == version and not current_app.debug
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
        return response

    show_asset.guard = "public"  # type: ignore[attr-defined]
    app.jinja_env.globals["asset"] = asset


def bundle(path: Path) -> str:
    """A style sheet with its imports written in, each in its layer; addresses in it stay relative to css/."""
    def write_in(match: re.Match[str]) -> str:
        text = bundle(path.parent / match[1])
        return f"@layer {match[2]} {{\n{text}\n}}" if match[2] else text
    return _IMPORT.sub(write_in, path.read_text(encoding="utf-8"))


@cache
def _tree_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
