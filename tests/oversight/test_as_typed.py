"""What is no Markdown stands as it was typed: in the copy of one's data, the log, records, summaries and calendars."""

import html
import io
import json
import re
import zipfile

import pytest
from icalendar import Calendar

from sigforum.agenda.models import ForumSession, Meeting
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.oversight.audit_log import log_csv
from sigforum.oversight.own_data import archive
from sigforum.people.calendars import calendar_files
from sigforum.people.models import Membership
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, move
from tests.casting import Cast

TYPED = ["snake_case", "my_gene_name", "a*b", "x *2/*17* y", "_a_", "[a](b)", "`c`", "3 < 4_000"]
MEMBER = ("stakeholder_group", "affiliation_here", "name_here")


def own_copy(cast: Cast, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(archive(cast.person(name)))) as file:
        page = file.read("my-data.html").decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "|", page)).split())


def member(cast: Cast, name: str) -> Membership:
    found = db.session.scalar(db.select(Membership).where(
        Membership.person_id == cast.ids[name], Membership.meeting_id == cast.meeting_id))
    assert found is not None
    return found


@pytest.mark.parametrize("typed", TYPED)
def test_copy_and_calendar_hold_every_field_as_it_was_typed(cast: Cast, typed: str) -> None:
    with transaction():
        for field in (one for one in MEMBER if hasattr(Membership, one)):
            setattr(member(cast, "ben"), field, typed)
        cast.person("ben").affiliation = typed
        db.session.get_one(Meeting, cast.meeting_id).title = typed
        for session in db.session.scalars(db.select(ForumSession)):
            session.theme = typed
    text = own_copy(cast, "ben")
    for field in ("stakeholder group", "affiliation", "meeting"):
        assert re.search(rf"\|{field}\|[| ]*{re.escape(typed)}\|", text), field
    for file in calendar_files(member(cast, "ben")):
        whole = str(Calendar.from_ical(file.content).walk("VEVENT")[0])
        assert typed in whole


@pytest.mark.parametrize("typed", TYPED)
def test_record_log_and_summary_hold_a_change_as_it_was_typed(cast: Cast, sign_in, typed: str) -> None:
    poll = make_poll(cast, upto="open", title=typed, statements=f"{typed}\nAnother one.", low_label=typed)
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    with transaction():
        poll.title = typed
    after = f"{typed}_later" if typed.replace("_", "").isalpha() else f"later {typed}"
    deviate(cast.viewer("finn"), poll.id, parse_poll({
        "kind": "rating", "rule": "percent_agreement", "title": after, "statements": f"{after}\n{typed}",
        "low_label": after}), reason=typed)
    page = sign_in(cast.person("olu")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    text = html.unescape(re.sub(r"(?:<[^>]+>\s*)+", "|", page))
    assert f"|Before|{typed}|After|{after}|" in text
    document = assemble.session_summary(cast.forum_session("1A"))
    made = {one.what: (one.before, one.after) for found in document.polls for one in found.deviations}
    assert made["the title"] == (typed, after)
    assert f"1 ({after}) to" in made["the scale or settings"][1]
    assert after in made["what is asked"][1]
    written = json.loads(all_formats()["json"].write(document))
    assert typed in json.dumps(written, ensure_ascii=False)
    assert after in all_formats()["csv"].write(document).decode("utf-8-sig").replace('""', '"')
    assert after in log_csv(cast.meeting_id).decode("utf-8-sig")
