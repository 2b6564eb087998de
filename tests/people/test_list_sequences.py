"""Lists one after the other, with people removed and called back between them, against a model of what they mean."""

import csv
import io
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sigforum.extensions import db
from sigforum.people import queries
from sigforum.people.actions import revoke_membership
from tests.casting import Cast
from tests.previewing import post_seen

PEOPLE = ["ada", "finn", "gus", "ben", "cyn", "olu", "dov", "rex", "new", "other", "third"]
CELLS: dict[str, list[str]] = {
    "name": ["", "Achebe, Ben", "Ben \"B\" Achebe", "Ana-María d'Oro", "李 小龍", "Anna  Blank ", "Ben\nBreak"],
    "affiliation": ["", "Works, Inc.", "A; B", "=SUM(A1)", "Meridian"],
    "stakeholder group": ["", "Industry", "industry, small", "Clinical"],
    "role": ["", "organizer", "Facilitator", "PARTICIPANT", "observer"],
    "sessions": ["", "all", "ALL", "1A", "1b", "1A, 1B", "1B;1A", "1A|1B"]}
HEADS = {"name": ["name", "Full Name", "NAME"], "affiliation": ["affiliation", "Company"],
         "stakeholder group": ["stakeholder group", "Group"], "role": ["role", "Role"],
         "sessions": ["sessions", "Session"]}
AROUND = ["{}", "{}", " {} ", "{}.", "{}\u200b", "<{}>", "mailto:{}", "\u00a0{}"]
rows = st.lists(st.fixed_dictionaries({
    "email": st.sampled_from(PEOPLE), "around": st.sampled_from(AROUND), "is_loud": st.booleans(),
    **{name: st.sampled_from(cells) for name, cells in CELLS.items()}}), min_size=1, max_size=5)
lists = st.fixed_dictionaries({
    "columns": st.permutations(["email", *CELLS]), "without": st.sets(st.sampled_from(sorted(CELLS.keys() - {"name"}))),
    "delimiter": st.sampled_from(",;\t"), "empty_column": st.booleans(), "rows": rows,
    "heads": st.fixed_dictionaries({name: st.sampled_from(heads) for name, heads in HEADS.items()})})
steps = st.lists(lists | st.sampled_from(PEOPLE[1:8]), min_size=2, max_size=4)
Places = dict[str, dict[str, Any]]


def places(cast: Cast) -> Places:
    """All that the meeting knows of its people, by address."""
    db.session.rollback()
    codes = {cast.forum_session(code).id: code for code in ("1A", "1B")}
    return {found.person.email: {
        "role": str(found.role), "stakeholder group": found.stakeholder_group, "name": found.shown_name,
        "affiliation": found.shown_affiliation, "is_gone": found.status in ("declined", "revoked"),
        "sessions": frozenset(codes[one.forum_session_id] for one in found.assignments)}
        for found in queries.members(cast.meeting_id)}


def written(found: dict[str, Any]) -> str:
    """The list as a file."""
    columns = [name for name in found["columns"] if name not in found["without"]]
    file = io.StringIO()
    writer = csv.writer(file, delimiter=found["delimiter"])
    writer.writerow([found["heads"].get(name, name) for name in columns] + [""] * found["empty_column"])
    for row in found["rows"]:
        address = f"{row['email']}@example.org"
        cells = row | {"email": row["around"].format(address.upper() if row["is_loud"] else address)}
        writer.writerow([cells[name] for name in columns] + [""] * found["empty_column"])
    return file.getvalue()


def meant(before: Places, found: dict[str, Any]) -> Places | None:
    """The places after the list; None where a row of it must be refused."""
    after = {address: dict(place) for address, place in before.items()}
    seen = set()
    for row in found["rows"]:
        address = f"{row['email']}@example.org"
        said = {name: "" if name in found["without"] else " ".join(row[name].split()) for name in CELLS}
        is_own = address == "ada@example.org" and said["role"].lower() not in ("", "organizer")
        if address in seen or is_own or (not said["name"] and address not in before):
            return None
        seen.add(address)
        place = after.setdefault(address, {
            "role": "participant", "stakeholder group": "", "name": "", "affiliation": "", "sessions": frozenset()})
        place["is_gone"] = False
        for name in ("name", "affiliation", "stakeholder group"):
            place[name] = said[name] or place[name]
        place["role"] = said["role"].lower() or place["role"]
        if said["sessions"]:
            place["sessions"] = frozenset(code for code in ("1A", "1B") if code.lower() in said["sessions"].lower())
    return after


@settings(max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate], database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=steps)
def test_lists_one_after_the_other_mean_what_they_say(cast: Cast, sign_in, found: list[Any]) -> None:
    browser = sign_in(cast.person("ada"))
    for step in found:
        before = places(cast)
        if isinstance(step, str):
            place = before[f"{step}@example.org"]
            if not place["is_gone"]:
                revoke_membership(cast.viewer("ada"), queries.membership(
                    cast.person(step).id, meeting_id=cast.meeting_id).id)
                assert places(cast) == before | {f"{step}@example.org": place | {"is_gone": True}}
            continue
        answer = post_seen(browser, f"/meetings/{cast.slug}/people/invite", {
            "step": "draft", "text": written(step)})
        expected = meant(before, step)
        assert answer.status_code == (422 if expected is None else 302)
        assert places(cast) == (before if expected is None else expected)
