"""Forms of two steps, sent as a person does: after a look at what they would do."""

import html
import io
import re
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient


def seen_on(page: str) -> str:
    """The name of what a preview shows; empty where the page is none."""
    return html.unescape("".join(re.findall(r'name="seen" value="([^"]*)"', page)[:1]))


def post_seen(browser: FlaskClient, address: str, data: Mapping[str, Any], **more: Any) -> Any:
    """Send a form; one that stores something follows a preview of the same."""
    seen = ""
    if data.get("step") != "preview":
        shown = browser.post(address, data=_again(data) | {"step": "preview"}, **more)
        seen = seen_on(shown.get_data(as_text=True))
    return browser.post(address, data=_again(data) | ({"seen": seen} if seen else {}), **more)


def _again(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields; a file is read to its end by each who sends it."""
    return {name: (io.BytesIO(value[0].getvalue()), *value[1:]) if isinstance(value, tuple) else value
            for name, value in data.items()}
