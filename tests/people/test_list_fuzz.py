"""Random lists over random people: what a list does not mention stays, and the preview names all that it changes."""

import csv
import html
import io
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sigforum.extensions import db
from sigforum.people import queries
from tests.casting import Cast
from tests.previewing import post_seen

PEOPLE = ["ada", "finn", "gus", "ben", "cyn", "olu", "dov", "rex", "new", "other"]
CELLS = {
    "name": ["", "Finn Facilitator", "Another Name", "Ben Participant"],
    "affiliation": ["", "Office", "Other Works"], "stakeholder group": ["", "Industry", "Clinical"],
    "role": ["", "organizer", "facilitator", "participant", "observer"], "sessions": ["", "all", "1A", "1B", "1A 1B"],
}
columns = st.sets(st.sampled_from(sorted(CELLS.keys() - {"name"}))).map(sorted)
rows = st.lists(st.fixed_dictionaries(
    {"email": st.sampled_from(PEOPLE), **{name: st.sampled_from(cells) for name, cells in CELLS.items()}}),
    min_size=1, max_size=5, unique_by=lambda row: row["email"])
FIELDS = {"role": 0, "stakeholder group": 1, "name": 2, "affiliation": 3}


def places(cast: Cast) -> dict[str, tuple]:
    """All that a meeting knows of its people, by address."""
    db.session.rollback()
    return {found.person.email: (found.role, found.stakeholder_group, found.shown_name, found.shown_affiliation,
                                 frozenset(one.forum_session_id for one in found.assignments), found.status)
            for found in queries.members(cast.meeting_id)}


@pytest.fixture
def send(cast: Cast, sign_in):
    """Sends a list as ada, who organizes."""
    browser = sign_in(cast.person("ada"))

    def post(text: str, step: str):
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", {"step": step, "text": text})
        page = html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))
        return answer.status_code, " ".join(page.split())
    return post


@settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(named=columns, found=rows)
def test_list_changes_only_what_it_mentions_and_the_preview_names_all_of_it(
        cast: Cast, send, named: list[str], found: list[dict[str, str]]) -> None:
    written = io.StringIO()
    writer = csv.DictWriter(written, ["email", "name", *named], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | {"email": f"{row['email']}@example.org"} for row in found)
    before = places(cast)
    status, preview = send(written.getvalue(), "preview")
    assert places(cast) == before, "a preview stores nothing"
    stored, _ = send(written.getvalue(), "draft")
    assert (stored == 302) == (status == 200)
    after = places(cast)
    if stored != 302:
        assert after == before
        return
    said = {f"{row['email']}@example.org": row for row in found}
    assert after.keys() == before.keys() | said.keys()
    for address in before:
        row = said.get(address, {})
        for field, at in FIELDS.items():
            mentioned = row.get(field, "") if field in ("name", *named) else ""
            assert after[address][at] == (mentioned or before[address][at]), (address, field)
            if after[address][at] != before[address][at]:
                assert f"{field}: {before[address][at] or 'none'} {after[address][at]}" in preview
        if not row or "sessions" not in named or not row["sessions"]:
            assert after[address][4] == before[address][4]
        elif after[address][4] != before[address][4]:
            assert "sessions: " in preview
        assert address in said or after[address] == before[address]
