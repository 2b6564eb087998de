"""The copy of one's own data: everything about oneself, and nothing of anybody else."""

import io
import json
import zipfile

from sqlalchemy import select

from sigforum.ballots.models import Vote
from sigforum.extensions import db
from sigforum.oversight.own_data import archive, own_data
from tests.oversight.conftest import Published
from tests.summaries.panel import PANEL

OTHERS = [row.split(",")[0] for row in PANEL.splitlines()[2:]]


def copy_of(published: Published, name: str) -> tuple[dict, str]:
    """A person's copy as JSON and as a page."""
    with zipfile.ZipFile(io.BytesIO(archive(published.cast.person(name)))) as file:
        assert sorted(file.namelist()) == ["my-data.html", "my-data.json"]
        return json.loads(file.read("my-data.json")), file.read("my-data.html").decode()


def test_copy_holds_what_was_said_voted_signed_and_done(published: Published) -> None:
    data, page = copy_of(published, "p1")
    person_id = published.person_id
    assert data["person"][0]["email"] == "p1@example.org"
    assert [row["text"].splitlines()[0] for row in data["responses"]] == ["Release testing is the **bottleneck**."]
    assert [row["number"] for row in data["response_revisions"]] == [1]
    votes = db.session.scalars(select(Vote).where(Vote.person_id == person_id).order_by(Vote.round_id)).all()
    assert [(row["answer"], row["code"]) for row in data["votes"]] == [(one.answer, one.code) for one in votes]
    assert len(data["votes"]) == 2
    assert {row["round"] for row in data["votes"]} >= {"Where to go, round 1"}
    assert [row["text"] for row in data["minority_positions"]] == ["I dissent, says Quill."]
    assert [row["reservations"] for row in data["sign_offs"]] == ["Only for adults."]
    assert [row["template"] for row in data["outgoing_mails"]] == ["sign_in"]
    assert "summary_signed" in {row["verb"] for row in data["audit_entries"]}
    assert data["memberships"][0]["meeting"] == "Cells that stay"
    for words in ("p1@example.org", "Release testing is the", "I dissent, says Quill.", "Where to go, round 1",
                  votes[0].code):
        assert words in page


def test_copy_holds_nothing_of_others_and_no_token(published: Published, sign_in) -> None:
    sign_in(published.cast.person("p1"))
    data, page = copy_of(published, "p1")
    assert len(data["sign_ins"]) == 1
    assert "token_hash" not in str(data)
    others = [name for name in OTHERS if name in page or name in json.dumps(data)]
    assert len(OTHERS) > 5
    assert others == []
    assert "Hospitals lack the staff." not in page
    assert "Hospitals lack the staff." in copy_of(published, "p4")[1]


def test_copy_spans_all_meetings(in_two_meetings: Published) -> None:
    data, _ = copy_of(in_two_meetings, "p1")
    assert sorted(row["meeting"] for row in data["memberships"]) == ["Another meeting", "Cells that stay"]


def test_every_section_has_words_and_a_key_of_its_own(published: Published) -> None:
    sections = own_data(published.cast.person("p1"))
    assert len({section.key for section in sections}) == len(sections) > 15
    assert all(section.title for section in sections)


def test_download_needs_to_be_signed_in_and_is_not_kept_by_browsers(published: Published, sign_in) -> None:
    answer = sign_in(published.cast.person("p1")).get("/account/data.zip")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert sign_in(None).get("/account/data.zip").status_code == 401


def test_hostile_words_stay_words_in_the_page(published: Published) -> None:
    published.panel.say("p1", "<script>alert(1)</script><img src=x onerror=alert(2)>")
    _, page = copy_of(published, "p1")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_copy_keeps_the_underscores_that_were_typed(published: Published) -> None:
    published.panel.say("p1", "IL-2_a is no IL-2 a, and my_name stays.")
    data, page = copy_of(published, "p1")
    assert "IL-2_a is no IL-2 a, and my_name stays." in [row["text"] for row in data["responses"]]
    assert "IL-2_a is no IL-2 a, and my_name stays." in page
