"""The numeric estimate: what is a number, the bounds, and what few estimates may show."""

import pytest

from sigforum.ballots.domain import Headcount, Paper, PaperOption
from sigforum.ballots.kinds.numeric import KIND
from sigforum.kernel.errors import Invalid

OPTIONS = (PaperOption(key="o1", text="Days"), PaperOption(key="o2", text="More days"))
PAPER = Paper(options=OPTIONS, settings={"unit": "days", "lowest": 0, "highest": 100})
FIGURES = ("estimates", "median", "iqr", "lowest", "highest", "outside")


def line(*values: float):
    answers = [{"estimates": {"o1": value}, "outside": ["o2"]} for value in values] + [{"abstain": True}]
    return KIND.tally(answers, PAPER, headcount=Headcount(invited=9, entitled=9), rule=None).lines[0]


def test_median_and_spread_are_of_the_numbers_typed() -> None:
    found = line(0.1, 0.2, 0.4, 0.3).figures
    assert tuple(found[name] for name in FIGURES) == (4, 0.25, 0.15, 0.1, 0.4, 0)
    assert (found["lower_quartile"], found["upper_quartile"]) == (0.175, 0.325)


@pytest.mark.parametrize("values", [(), (17,), (17, 23)])
def test_fewer_than_three_estimates_show_nobodys_number(values: tuple[int, ...]) -> None:
    found = line(*values)
    assert found.figures["estimates"] == len(values)
    assert {value for name, value in found.figures.items() if name not in ("estimates", "outside")} == {None}
    assert found.distribution == ()
    assert "17" not in repr(found)


def test_three_estimates_are_shown() -> None:
    assert line(17, 23, 18).figures["median"] == 18


def test_outside_expertise_is_counted_by_quantity() -> None:
    answers = [{"estimates": {"o1": 1}, "outside": ["o2"]}] * 2
    first, second = KIND.tally(answers, PAPER, headcount=Headcount(invited=9, entitled=9), rule=None).lines
    assert [(one.answered, one.figures["estimates"], one.figures["outside"]) for one in (first, second)] == [
        (2, 2, 0), (2, 0, 2)]


@pytest.mark.parametrize(("typed", "error"), [
    ("1,500", "A plain number"), ("1e3", "Must be from 0"), ("nan", "A plain number"), ("1.234", "A plain number"),
    ("ten", "A plain number"), ("-1", "Must be from 0 to 100 days."), ("100.01", "Must be from 0 to 100 days."),
    (" ", "Give an estimate"),
])
def test_wrong_number_is_refused_by_key(typed: str, error: str) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(KIND.read_form({"number-o1": typed, "outside-o2": "1"}), PAPER)
    assert set(refused.value.errors) == {"o1"}
    assert refused.value.errors["o1"].startswith(error)


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), 10**400, "5", [5], {}])
def test_payload_that_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer({"estimates": {"o1": value, "o2": 5}}, PAPER)
    assert set(refused.value.errors) == {"o1"}


def test_number_and_outside_together_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(KIND.read_form({"outside-o1": "1", "number-o1": "5", "number-o2": "7.50"}), PAPER)
    assert set(refused.value.errors) == {"o1"}
    assert KIND.parse_answer(KIND.read_form({"outside-o1": "1", "number-o2": "7.50"}), PAPER) == {
        "estimates": {"o2": 7.5}, "outside": ["o1"]}


@pytest.mark.parametrize(("raw", "expected"), [
    ({}, {"unit": "", "lowest": None, "highest": None}),
    ({"unit": " % ", "lowest": "0", "highest": "99.50"}, {"unit": "%", "lowest": 0, "highest": 99.5}),
    ({"lowest": "5", "highest": "5"}, {"highest"}),
    ({"unit": "u" * 31, "lowest": "low", "highest": "1,500"}, {"unit", "lowest", "highest"}),
])
def test_settings_are_checked(raw: dict[str, str], expected: object) -> None:
    if isinstance(expected, dict):
        assert KIND.parse_settings(raw) == expected
        return
    with pytest.raises(Invalid) as refused:
        KIND.parse_settings(raw)
    assert set(refused.value.errors) == expected


@pytest.mark.parametrize(("typed", "number"), [
    ("12,5", 12.5), ("\u22120", 0), ("١٢٫٥", 12.5), ("１２", 12), ("1e1", 10), ("0,5", 0.5), ("5×10^1", 50),
    (" 7 ", 7)])
def test_number_is_understood_as_phones_and_papers_write_it(typed: str, number: float) -> None:
    try:
        answer = KIND.parse_answer(KIND.read_form({"number-o1": typed, "outside-o2": "1"}), PAPER)
    except Invalid as refused:
        answer = refused.errors
    assert answer.get("estimates") == {"o1": number}, answer
    assert KIND.describe(answer, PAPER)["o1"].startswith(f"{number:g} days")


@pytest.mark.parametrize("typed", ["1,500", "1.500"])
def test_number_with_two_readings_is_asked_back(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        KIND.parse_answer(KIND.read_form({"number-o1": typed, "outside-o2": "1"}), PAPER)
    assert "1500 or as 1.5" in refused.value.errors["o1"]


def test_bounds_take_a_comma_too() -> None:
    assert KIND.parse_settings({"lowest": "\u22121,5", "highest": "1 000"})["lowest"] == -1.5
