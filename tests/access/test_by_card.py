"""Every address is tried in browsers that are signed in for one meeting only: by a card of it, or of another one."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from sigforum.extensions import db, limiter
from sigforum.kernel.clock import now
from sigforum.kernel.ids import new_token, token_hash
from sigforum.people import queries
from sigforum.people.models import SignInLink
from sigforum.transaction import transaction
from tests.access.matrix import ROWS, Row
from tests.access.scene import CANARIES, Scene
from tests.casting import meets_today

# What such a browser may use, in its own meeting; what any other guard stands above needs the account.
OPEN = {"public", "any_sign_in", "member"}


def by_card(scene: Scene, name: str, meeting_id: int) -> FlaskClient:
    """A browser signed in by the card that a meeting has made for somebody."""
    token = new_token()
    with transaction():
        meets_today(meeting_id)
        db.session.add(SignInLink(
            person_id=scene.cast.ids[name], meeting_id=meeting_id, token_hash=token_hash(token), is_single_use=False,
            is_for_door=True, expires_at=now() + timedelta(hours=1)))
    browser = scene.app.test_client()
    assert browser.post(f"/sign-in/{token}").status_code == 302
    return browser


def guard_of(scene: Scene, row: Row) -> str:
    guard: str = scene.app.view_functions[row.endpoint].guard
    return guard


def send(scene: Scene, row: Row, browser: FlaskClient):
    limiter.reset()
    return browser.open(row.address(scene), method=row.method, data=row.form(scene))


def row_key(row: Row) -> str:
    return f"{row} {row.endpoint} {row.data}"


@pytest.fixture
def carded(scene: Scene):
    """A function that gives the statuses of all rows for one such browser; refused rows change nothing."""
    def statuses(name: str, meeting_id: int) -> tuple[dict[str, int], str]:
        found, texts = {}, []
        cookie = by_card(scene, name, meeting_id).get_cookie("sigforum")
        assert cookie is not None
        kept = scene.kept.read_bytes()
        scene.keep()
        try:
            before = scene.rows()
            for row in ROWS:
                browser = scene.app.test_client()
                browser.set_cookie("sigforum", cookie.value)
                answer = send(scene, row, browser)
                found[row_key(row)] = answer.status_code
                if guard_of(scene, row) != "public":
                    texts.append(answer.get_data().decode(errors="replace"))
                if answer.status_code >= 400:
                    assert scene.rows() == before, f"{row} changed something"
                elif row.method == "POST":
                    scene.put_back()
        finally:
            scene.put_back()
            scene.kept.write_bytes(kept)
        return found, " ".join(texts)
    return statuses


def test_participant_by_card_takes_part_and_reaches_no_account(scene: Scene, carded) -> None:
    found, _ = carded("ben", scene.cast.meeting_id)
    wrong = {}
    for row in ROWS:
        status, guard = found[row_key(row)], guard_of(scene, row)
        wanted = row.expected("ben") if guard in OPEN or (row.expected("ben") >= 400 and guard == "organizer") else 403
        if status != wanted:
            wrong[str(row)] = (guard, status, wanted)
    assert wrong == {}
    assert sum(status in (200, 302) for status in found.values()) > 40, "the card opens nothing"


def test_card_of_another_meeting_reaches_nothing_here(scene: Scene, carded) -> None:
    other = queries.membership(scene.cast.ids["mal"], slug=scene.cast.other_slug).meeting_id
    found, text = carded("ben", other)
    for row in ROWS:
        guard = guard_of(scene, row)
        if guard not in ("public", "any_sign_in"):
            assert found[row_key(row)] in (403, 404), row
            assert "{slug}" not in row.path or found[row_key(row)] == 404 or guard == "signed_in", row
    assert not [canary for canary in CANARIES if canary in text]


def test_organizer_by_card_organizes_nothing(scene: Scene, carded) -> None:
    found, _ = carded("ada", scene.cast.meeting_id)
    for row in ROWS:
        if guard_of(scene, row) not in ("public", "any_sign_in"):
            assert found[row_key(row)] == 403, row
