"""Every kind with options of its own, from its form over the ballot to the page and each format of the summary."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import all_formats
from tests.casting import Cast
from tests.summaries.panel import readable


@dataclass(frozen=True)
class Walk:
    """What is typed into the form and the ballots ({0} and {1} are the options' keys), and what is then read."""

    settings: dict[str, str]
    ben: dict[str, str]
    cyn: dict[str, str]
    # In the ballot of ben when he opens it again.
    kept: str
    # On the page after the reveal, and in each format.
    shown: str
    summarised: str


WALKS = {
    "single": Walk({"outside": "offered"}, {"choice": "{0}"}, {"choice": "outside"}, 'value="{0}" checked',
                   "1 chose, 1 outside their expertise.", "1 of 1 (100.0 %)"),
    "multiple": Walk({"min_chosen": "1", "max_chosen": "2"}, {"choose-{0}": "1", "choose-{1}": "1"},
                     {"choose-{0}": "1"}, 'name="choose-{1}" value="1" checked', "2/2 <small>100.0 %</small>",
                     "1 of 2 (50.0 %)"),
    "approval": Walk({}, {"approve-{1}": "1"}, {}, 'name="approve-{1}" value="1" checked',
                     "1/2 <small>50.0 %</small>", "1 of 2 (50.0 %)"),
    "agree": Walk({}, {"agree-{0}": "agree", "agree-{1}": "x"}, {"agree-{0}": "disagree"},
                  'name="agree-{0}" value="agree" checked', "1/2 agree, 2 of 2 answered", "1 of 2 (50.0 %)"),
    "motion": Walk({"rule": "two_thirds", "yes_label": "Carry"}, {"motion-{0}": "yes", "motion-{1}": "abstain"},
                   {"motion-{0}": "yes", "motion-{1}": "no"}, 'name="motion-{0}" value="yes" checked',
                   "2 of 2 entitled people took part", "the quorum is 50 %"),
    "numeric": Walk({"unit": "days", "lowest": "1"}, {"number-{0}": "12.50", "outside-{1}": "1"},
                    {"number-{0}": "4", "number-{1}": "8"}, 'value="12.5"', "nothing is shown of fewer than 3",
                    "Estimates"),
    "text": Walk({}, {"text-{0}": "Zebras & <b>lions</b>"}, {"text-{0}": "=Apes", "text-{1}": "None"},
                 "Zebras &amp; &lt;b&gt;lions&lt;/b&gt;</textarea>", "<li>Zebras &amp; &lt;b&gt;lions", "Zebras"),
}
by_kind = pytest.mark.parametrize("kind", WALKS)


def filled(text: str, keys: list[str]) -> str:
    return text.replace("{0}", keys[0]).replace("{1}", keys[1])


def written(cast: Cast, *names: str) -> dict[str, str]:
    """What some of the formats say; tests/summaries compares all of them."""
    document = session_summary(cast.forum_session())
    return {name: readable(all_formats()[name].write(document), all_formats()[name].extension) for name in names}


@pytest.mark.earlier_terms
@by_kind
def test_kind_walks_from_its_form_to_the_summary(kind: str, cast: Cast, sign_in) -> None:
    walk = WALKS[kind]
    finn, ben, cyn, olu = (sign_in(cast.person(name)) for name in ("finn", "ben", "cyn", "olu"))
    base = f"/meetings/{cast.slug}"
    page = f"{base}/sessions/1A"
    form = finn.get(f"{page}/polls/new?kind={kind}").text
    assert ("Statements to rate" in form, ">Settings<" in form) == (False, kind == "motion")
    made = finn.post(f"{page}/polls/new", data={
        "kind": kind, "title": "Asked", "statements": "The first\nThe second", **walk.settings})
    assert made.status_code == 302
    poll = db.session.scalars(select(Poll).where(Poll.kind == kind)).one()
    poll_id, keys = poll.id, [f"o{option.id}" for option in poll.options]
    # What was stored is what the form takes again.
    edit = finn.get(f"{base}/polls/{poll_id}/edit").text
    assert 'value="None"' not in edit
    assert finn.post(f"{base}/polls/{poll_id}/open").status_code == 302

    for browser, fields, key in ((ben, walk.ben, "bens-first-key"), (cyn, walk.cyn, "cyns-first-key")):
        saved = browser.post(f"{base}/polls/{poll_id}/votes", headers={"Accept": "application/json"}, data={
            "round": "1", "key": key, **{filled(name, keys): value.replace("{0}", keys[0])
                                         for name, value in fields.items()}})
        assert (saved.status_code, saved.json["ok"]) == (200, True), saved.json
    assert filled(walk.kept, keys) in ben.get(f"{base}/polls/{poll_id}/ballot").text
    # A wrong ballot comes back as a page with what was typed and the reason.
    wrong = ben.post(f"{base}/polls/{poll_id}/votes", data={
        "round": "1", "key": "bens-second-key", "choice": "o0", "choose-o0": "1", "approve-o0": "1", "agree-o0": "pass",
        "motion-o0": "yes", "number-o0": "5", "text-o0": "lost"})
    assert wrong.status_code == 422
    assert "not on the ballot" in wrong.text or kind in ("agree", "motion", "numeric", "text")

    assert finn.post(f"{base}/polls/{poll_id}/close").status_code == 302
    assert walk.shown not in olu.get(page).text
    db.session.rollback()
    for name, text in written(cast, "markdown", "json").items():
        assert walk.summarised not in text, name
    assert finn.post(f"{base}/polls/{poll_id}/reveal").status_code == 302
    assert walk.shown in olu.get(page).text
    assert "Asked" in olu.get(f"{page}/summary").text
    db.session.rollback()
    formats = written(cast, "markdown", "json", "csv", "docx", "pdf")
    assert all("The second" in text for text in formats.values())
    assert walk.summarised in formats["markdown"]
    assert walk.summarised in formats["pdf"]
    assert '"upper_third' not in formats["csv"]
    if kind == "text":
        # A spreadsheet must not run what somebody wrote.
        assert "'=Apes" in formats["csv"]
        # Ben wrote first, and stands second.
        assert formats["pdf"].index("Apes") < formats["pdf"].index("Zebras")
