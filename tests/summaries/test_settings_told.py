"""What was set for a ballot stands beside its result: a number has its unit, a choice how many could be chosen."""

import pytest

from sigforum.ballots.registry import all_kinds, kind_named
from sigforum.extensions import db
from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import all_formats
from sigforum.verification.printed import printed_settings
from tests.ballots.polling import add_voters, make_poll, move, vote
from tests.casting import Cast
from tests.summaries.panel import readable


@pytest.fixture
def document(cast: Cast) -> SummaryDocument:
    """1A after a numeric poll and a ranking, revealed."""
    names = ("ben", "cyn", *add_voters(cast, 3))
    numeric = make_poll(cast, kind="numeric", title="Costs", statements="Cost of one batch", unit="kEUR", lowest="0",
                        highest="5000.5", upto="open")
    ranking = make_poll(cast, kind="ranking", title="Order", statements="Alpha\nBeta\nGamma", top="2", upto="open")
    for place, name in enumerate(names):
        vote(cast, name, numeric, {"estimates": {f"o{numeric.options[0].id}": 100 + place}, "outside": []})
        vote(cast, name, ranking, {"ranks": {f"o{ranking.options[place % 3].id}": 1}})
    for poll in (numeric, ranking):
        for verb in ("close", "reveal"):
            move(cast, poll, verb)
    db.session.rollback()
    return assemble.session_summary(cast.forum_session())


@pytest.mark.parametrize("name", all_formats())
def test_every_format_tells_unit_bounds_and_limits(document: SummaryDocument, name: str) -> None:
    text = readable(all_formats()[name].write(document), all_formats()[name].extension)
    for words in ("in kEUR, from 0 to 5000.5 kEUR", "at most 2 ranked by each"):
        assert words in text


def test_summary_page_tells_them(document: SummaryDocument, cast: Cast, sign_in) -> None:
    assert [poll.title for poll in document.polls] == ["Costs", "Order"]
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/sessions/1A/summary").text
    assert "Numeric estimate, in kEUR, from 0 to 5000.5 kEUR." in page
    assert "Ranking, at most 2 ranked by each." in page


# Every kind as a form gives it first, and in other ways.
OTHERS = {
    "single": [({"outside": "left_out"}, "“outside my expertise” not offered")],
    "approval": [({}, ""), ({"outside": "left_out"}, "“outside my expertise” not offered")],
    "agree": [({}, ""), ({"groups": "always"}, "groups looked for in the votes"),
              ({"groups": "never"}, "no groups looked for in the votes")],
    "multiple": [({}, "1 to 3 chosen by each"), ({"min_chosen": "2", "max_chosen": "2", "outside": "left_out"},
                                                 "2 chosen by each, “outside my expertise” not offered")],
    "ranking": [({}, ""), ({"top": "4"}, "at most 4 ranked by each")],
    "motion": [({}, ""), ({"yes_label": "Aye"}, "“Aye” for yes and “No” for no")],
    "rating": [({}, "")],
    "matrix": [({"criteria": "Cost"}, ""), ({"criteria": "Cost\nTime"}, "all criteria weigh the same"),
               ({"criteria": "Cost\nTime", "weights": "2 1"}, "weights: 2 × Cost; 1 × Time")],
    "numeric": [({}, ""), ({"unit": "EUR"}, "in EUR"), ({"highest": "-0.5"}, "-0.5 or less"),
                ({"unit": "%", "lowest": "1"}, "in %, 1 % or more")],
    "text": [({"longest": "80"}, "at most 80 characters each")],
    "points": [({}, "5 points each, at most 3 on one")]}


@pytest.mark.parametrize("kind", all_kinds())
def test_settings_of_each_kind_read_as_verify_reads_them(kind: str) -> None:
    for raw, words in OTHERS[kind]:
        settings = kind_named(kind).parse_settings(raw)
        assert kind_named(kind).settings_text(settings) == words
        # Priorities are no poll of a summary.
        assert kind == "points" or printed_settings(kind, settings) == words
