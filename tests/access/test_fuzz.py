"""Whatever is put into a form, the answer is a plain refusal or a plain yes: never a failure, never a stack trace."""

import io
import random

import pytest

from sigforum.extensions import limiter
from tests.access.matrix import ROWS, Row
from tests.access.scene import Scene

NASTY = ("", " ", "\0", "\ud7ff\U0010ffff", "-1", "0", "1e9", "9" * 40, "NaN", "true", "null", "[]", "../../etc/passwd",
         "<script>alert(1)</script>", "' OR 1=1 --", "%00", "{{7*7}}", "\u202eabc", "é" * 300, "x" * 12000,
         "2026-02-30", "=HYPERLINK(1)", "\r\nSet-Cookie: a=b", "🧪" * 50)
# Names that forms somewhere have; a form is also sent what belongs to another one.
NAMES = ("text", "key", "revision", "wording", "reason", "stance", "listing", "kind", "title", "statements", "rule",
         "seconds", "next", "email", "format", "session", "line", "round", "owner", "due_on", "scale_min", "options")
POSTS = [row for row in ROWS if row.method == "POST" and "sign-out" not in row.path and "sign-in" not in row.path]


def forms(row: Row, scene: Scene, *, seed: str) -> list[dict[str, object]]:
    """The row's form with one field spoiled at a time, then everything at once, and a file where words belong."""
    chance, good = random.Random(seed), row.form(scene)
    spoiled: list[dict[str, object]] = [{**good, name: chance.choice(NASTY)} for name in good for _ in range(2)]
    spoiled += [{name: chance.choice(NASTY) for name in (*good, *chance.sample(NAMES, 6))} for _ in range(3)]
    return [*spoiled, {}, {**good, "text": (io.BytesIO(b"\x89PNG\r\n\x1a\n\0"), "words.csv")}]


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_no_form_breaks_the_server(scene: Scene, row: Row) -> None:
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False
    name = row.allowed.split()[0]
    for form in forms(row, scene, seed=str(row)):
        limiter.reset()
        answer = scene.browser(name).open(row.address(scene), method="POST", data=form)
        body = answer.get_data(as_text=True)
        assert answer.status_code < 500, (row, form)
        assert "Traceback" not in body
        assert "sqlalchemy" not in body.lower()
    scene.put_back()
