"""The public keys of this installation, for whoever checks a bundle."""

from typing import Any

from flask import current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from sigforum.exports.installation_keys import SCHEMA, installation_keys
from sigforum.people.guards import public
from sigforum.web.pages import Pages

pages = Pages()


@pages.get("/keys")
@public
def show_keys() -> ResponseReturnValue:
    """The keys in words, with their dates; they tell nothing of any meeting."""
    return render_template("exports/keys.html", keys=_published())


@pages.get("/.well-known/sigforum-keys.json")
@public
def list_keys() -> ResponseReturnValue:
    """The same for programs; `sigforum verify --key` reads this file."""
    return jsonify(schema=SCHEMA, keys=_published())


def _published() -> list[dict[str, Any]]:
    return [key.published() for key in installation_keys(current_app.config["SETTINGS"].signing_keys_file)]
