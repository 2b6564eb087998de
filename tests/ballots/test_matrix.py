"""The comparison kind: cells of options and criteria, and the drafts that an agenda asks for."""

from importlib.resources import files

import pytest
from sqlalchemy import select

from sigforum.agenda.actions import create_meeting, import_agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.queries import forum_session
from sigforum.ballots.actions import delete_poll
from sigforum.ballots.comparing import comparison_in, criteria_in
from sigforum.ballots.deviating import deviate
from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.kinds.matrix import KIND
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.kernel.errors import Invalid
from sigforum.people.queries import membership
from sigforum.transaction import transaction
from tests.ballots.polling import counted, make_poll, move, vote
from tests.casting import Cast

PAPER = Paper(options=(PaperOption(key="o1", text="First"), PaperOption(key="o2", text="Second")),
              settings=KIND.parse_settings({"criteria": "Safety\nCost"}))
SEED = files("sigforum.samples").joinpath("car-t-agenda.txt")
CRITERIA = ("indication suitability", "patient access and reimbursement potential", "manufacturing scalability",
            "safety profile", "delivery maturity", "commercial fundability")


def tally(*rows: tuple[object, object, object, object], abstained: int = 0):
    answers = [{"ratings": {"o1": {"c1": a, "c2": b}, "o2": {"c1": c, "c2": d}}} for a, b, c, d in rows]
    return KIND.tally([*answers, *[{"abstain": True}] * abstained], PAPER,
                      headcount=Headcount(invited=9, entitled=8), rule=None)


def test_cells_give_median_people_and_those_outside() -> None:
    result = tally((1, 4, "x", 3), (5, 4, "x", 3), (1, 5, "x", 4), (5, 4, "x", "x"), abstained=1)
    first, second = result.lines
    assert [column.label for column in result.columns] == [
        "Safety", "Cost", "Mean of medians", "Leads over all weightings", "Outside expertise"]
    assert {name: first.figures[name] for name in ("c1", "c2", "mean", "outside")} == {
        "c1": "3 (4)", "c2": "4 (4)", "mean": 3.5, "outside": 0}
    # Without one rating on safety the second option has no mean that could be compared.
    assert {name: second.figures[name] for name in ("c1", "c2", "mean", "outside")} == {
        "c1": None, "c2": "3 (3)", "mean": None, "outside": 5}
    assert (result.answered, result.abstained) == (5, 1)
    assert first.figures["cells"]["c1"] == {"median": 3, "iqr": 4, "rated": 4, "outside": 0, "is_split": None}
    assert (first.figures["leads"], second.figures["leads"]) == (None, None)


@pytest.mark.parametrize(("ratings", "is_split"), [
    ((1, 2, 2, 3, 3, 4, 5, 5), True), ((1, 2, 2, 3, 3, 3, 5, 5), False), ((1, 2, 2, 4, 5, 5, 5), None),
    ((1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5), True), ((1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5), False)])
def test_cell_is_split_by_the_size_of_the_panel(ratings: tuple[int, ...], is_split: bool | None) -> None:
    result = tally(*((rating, 1, 1, 1) for rating in ratings))
    assert result.lines[0].figures["cells"]["c1"]["is_split"] is is_split
    assert result.lines[0].figures["c1"].endswith("split)") is bool(is_split)


WEIGHED = Paper(options=PAPER.options, settings=KIND.parse_settings({"criteria": "Safety\nCost", "weights": "3, 1"}))


def test_weights_stand_beside_the_result_without_them() -> None:
    answers = [{"ratings": {"o1": {"c1": 5, "c2": 2}, "o2": {"c1": 3, "c2": 4}}}]
    result = KIND.tally(answers, WEIGHED, headcount=Headcount(invited=9, entitled=8), rule=None)
    assert [(line.figures["mean"], line.figures["weighted"]) for line in result.lines] == [(3.5, 4.25), (3.5, 3.25)]
    assert "Weights agreed beforehand: Safety 3, Cost 1;" in result.text
    # The first leads wherever safety weighs more than half: in one half of all weightings.
    assert [line.figures["leads_share"] for line in result.lines] == [
        pytest.approx(0.5, abs=0.021), pytest.approx(0.5, abs=0.021)]
    assert sum(line.figures["leads_share"] for line in result.lines) == pytest.approx(1)
    assert "5,000 random weightings (seed 1998)" in result.text


def test_option_that_no_weighting_puts_ahead_is_named() -> None:
    result = tally((4, 4, 3, 4))
    assert [line.figures["leads"] for line in result.lines] == ["100 %", "0 %"]
    assert ("Second is under no weighting ahead of First, which is as high or higher on every criterion. "
            "This compares options two by two;") in result.text
    assert "under no weighting" not in tally((4, 3, 3, 4)).text


def test_shares_of_the_lead_are_told_with_their_error() -> None:
    # Each leads in one half of all weightings: the draws give one of them a little more.
    text = tally((4, 3, 3, 4)).text
    assert "the standard error of a share is at most 0.7 points." in text
    assert text.endswith(" are level within that error.")
    # The first leads in three quarters, which is no matter of the draws.
    assert "level within" not in tally((5, 2, 2, 3)).text


def test_round_of_older_terms_is_told_as_before() -> None:
    settings = {key: value for key, value in PAPER.settings.items() if key != "leads_error"}
    answers = [{"ratings": {"o1": {"c1": 4, "c2": 4}, "o2": {"c1": 3, "c2": 4}}}]
    text = KIND.tally(answers, Paper(options=PAPER.options, settings=settings),
                      headcount=Headcount(invited=9, entitled=8), rule=None).text
    assert text.endswith("5,000 random weightings (seed 1998). Second is ahead under no weighting: First is as high or "
                         "higher on every criterion.")


def test_deviation_leaves_the_terms_of_older_rounds(cast: Cast) -> None:
    poll = make_poll(cast, kind="matrix", statements="Closed\nOpen", criteria="Safety\nCost", upto="close")
    with transaction():
        poll.settings = {key: value for key, value in poll.settings.items() if key != "leads_error"}
    form = {"kind": "matrix", "title": "Another title", "statements": "Closed\nOpen", "criteria": "Safety\nCost"}
    deviate(cast.viewer("finn"), poll.id, parse_poll(form), reason="Clearer words.")
    assert [made.field for made in poll.deviations] == ["title"]
    deviate(cast.viewer("finn"), poll.id, parse_poll(form | {"weights": "2 1"}), reason="Weights.")
    assert poll.settings["leads_error"] == "told"


def test_weights_that_are_alike_are_none() -> None:
    paper = Paper(options=PAPER.options, settings=KIND.parse_settings({"criteria": "Safety\nCost", "weights": "2 2"}))
    result = KIND.tally([], paper, headcount=Headcount(invited=9, entitled=8), rule=None)
    assert "weighted" not in [column.key for column in result.columns]
    assert "All criteria weigh the same." in result.text


@pytest.mark.parametrize(("raw", "errors"), [
    ({"ratings": {"o1": {"c1": 1, "c2": 2}}}, {"o2": "Choose a rating, or 'outside my expertise', for: Safety, Cost."}),
    ({"ratings": {"o1": {"c1": 1}, "o2": {"c1": 0, "c2": True}}},
     {"o1": "Choose a rating, or 'outside my expertise', for: Cost.",
      "o2": "A rating is a whole number from 1 to 5; look at: Safety, Cost."}),
    ({"ratings": {"o1": {"c1": 1, "c2": "x", "c3": 1}, "o2": {"c1": 1, "c2": 1}, "o9": {}}},
     {"o1": "This criterion is not on the ballot.", "o9": "This option is not on the ballot."}),
    ({"ratings": 5}, {"": "A ballot rates the options or abstains."}),
])
def test_wrong_ballot_is_refused_by_option(raw: object, errors: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(raw, PAPER)
    assert refused.value.errors == errors


@pytest.mark.parametrize(("raw", "errors"), [
    ({"criteria": " \n "}, {"criteria"}),
    ({"criteria": "Cost\nCost"}, {"criteria"}),
    ({"criteria": "\n".join(f"C{n}" for n in range(13))}, {"criteria"}),
    ({"criteria": "c" * 81, "scale_max": "12"}, {"criteria", "scale_max"}),
    ({"scale_min": "5"}, {"scale_max"}),
    ({"low_label": "l" * 61}, {"low_label"}),
    ({"weights": "1"}, {"weights"}),
    ({"weights": "0 0"}, {"weights"}),
    ({"weights": "1 -1"}, {"weights"}),
    ({"weights": "1 101"}, {"weights"}),
])
def test_wrong_settings_are_refused_by_field(raw: dict[str, str], errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == errors


@pytest.mark.earlier_terms
def test_comparison_walks_from_the_form_to_the_result(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, kind="matrix", statements="Closed\nOpen", criteria="Safety\nCost", upto="open")
    first, second = (f"o{option.id}" for option in poll.options)
    ben, olu = sign_in(cast.person("ben")), sign_in(cast.person("olu"))
    base = f"/meetings/{cast.slug}"
    assert f'name="cell-{second}-c2"' in ben.get(f"{base}/polls/{poll.id}/ballot").text
    ballot = {"round": "1", "key": "the-first-key", f"cell-{first}-c1": "5", f"cell-{first}-c2": "x",
              f"cell-{second}-c1": "2"}
    refused = ben.post(f"{base}/polls/{poll.id}/votes", data=ballot)
    assert refused.status_code == 422
    assert "for: Cost." in refused.text
    assert ben.post(f"{base}/polls/{poll.id}/votes", data=ballot | {f"cell-{second}-c2": "4"}).status_code == 302
    vote(cast, "cyn", poll, {"ratings": {first: {"c1": 1, "c2": 3}, second: {"c1": 2, "c2": 4}}})
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    assert [line.figures["c1"] for line in counted(poll).lines] == ["3 (2)", "2 (2)"]
    assert "Leads over all weightings" in olu.get(f"{base}/sessions/1A").text
    assert "3 (2)" in olu.get(f"{base}/sessions/1A/summary").text


def test_draft_can_be_changed_with_its_criteria(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, kind="matrix", statements="Closed\nOpen", criteria="Safety\nCost")
    form = sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/polls/{poll.id}/edit").text
    assert ">Safety\nCost</textarea>" in form


@pytest.mark.parametrize(("question", "criteria"), [
    ("Across criteria, including cost, speed and reach, and safety: who leads?", ("cost", "speed and reach", "safety")),
    ("By criteria, including cost,  cost and\n safety?", ("cost", "cost and safety")),
    ("By criteria, including cost?", ()),
    ("By criteria such as cost, speed, and safety?", ()),
    ("", ()),
])
def test_criteria_are_read_out_of_a_question(question: str, criteria: tuple[str, ...]) -> None:
    assert criteria_in(question) == criteria


def test_comparison_takes_three_things_and_a_list() -> None:
    question = "By criteria, including cost, and safety?"
    assert comparison_in(["a", "b", "a"], [question]) is None
    assert comparison_in(["a", "b", "c"], ["Which?", question]) is None
    assert comparison_in(["a", "b", "c"], []) is None
    found = comparison_in(["a", "b", "c"], [question])
    assert found is not None
    assert (found.options, found.criteria) == (("a", "b", "c"), ("cost", "safety"))


def test_seed_asks_for_one_comparison_of_three_modalities() -> None:
    sessions = [placed.forum_session for placed in read_agenda(SEED.read_bytes()).forum_sessions]
    found = {one.code: comparison for one in sessions
             if (comparison := comparison_in(one.modalities, one.questions))}
    assert len(sessions) > 10
    assert {code: (one.options, one.criteria) for code, one in found.items()} == {
        "4C": (("autologous", "allogeneic", "in vivo"), CRITERIA)}


def test_imported_seed_has_the_comparison_as_a_draft_once(cast: Cast) -> None:
    plan = read_agenda(SEED.read_bytes())
    meeting = create_meeting(plan, person=cast.person("ada"))

    def comparisons() -> list[Poll]:
        return list(db.session.scalars(select(Poll).where(Poll.kind == "matrix")))

    (draft,) = comparisons()
    assert draft.forum_session_id == forum_session(meeting.id, "4C").id
    assert (draft.state, draft.rounds) == ("draft", [])
    assert [option.text for option in draft.options] == ["autologous", "allogeneic", "in vivo"]
    assert tuple(draft.settings["criteria"].splitlines()) == CRITERIA
    import_agenda(None, meeting, plan)
    assert [one.id for one in comparisons()] == [draft.id]
    # Deleted by somebody who does not want it, it stays away.
    delete_poll(membership(cast.person("ada").id, meeting_id=meeting.id).viewer(), draft.id)
    import_agenda(None, meeting, plan)
    assert comparisons() == []
