"""Rule parameters: defaults from the scale, raw text to values, and every error by its field."""

import pytest

from sigforum.consensus.rule import RuleParamsInvalid, parse_params
from sigforum.consensus.rule_fields import Choice, FieldKind, RuleField
from sigforum.consensus.rulebook import RuleUnknown, all_rules, rule_named
from sigforum.consensus.scale import Scale
from sigforum.kernel.errors import Invalid, NotFound

PERCENT = rule_named("percent_agreement")
RAND = rule_named("rand_ucla")
MEDIAN = rule_named("median_iqr")


def errors_of(rule, raw, scale=None):
    with pytest.raises(RuleParamsInvalid) as caught:
        parse_params(rule, raw, scale=scale)
    return caught.value.errors


def test_defaults_come_from_the_scale_where_there_is_one():
    assert parse_params(PERCENT, {}) == {
        "threshold": 75,
        "for_from": None,
        "against_to": None,
        "who_counts": "rated",
        "minimum_voters": 5,
        "each_group": False,
    }
    on_five = parse_params(PERCENT, {"threshold": " ", "for_from": None}, scale=Scale(1, 5))
    assert (on_five["for_from"], on_five["against_to"]) == (4, 2)
    assert parse_params(MEDIAN, {}, scale=Scale(1, 5))["maximum_iqr"] == 1
    assert parse_params(MEDIAN, {}, scale=Scale(1, 9))["maximum_iqr"] == 2


def test_text_from_a_form_and_values_from_json_mean_the_same():
    text = {
        "threshold": " 80",
        "for_from": "8",
        "against_to": "2",
        "who_counts": "entitled",
        "minimum_voters": "9",
    }
    values = {"threshold": 80, "for_from": 8, "against_to": 2, "who_counts": "entitled", "minimum_voters": 9,
              "each_group": False}
    assert parse_params(PERCENT, text) == parse_params(PERCENT, values) == values
    assert parse_params(MEDIAN, {"maximum_iqr": "1.5"})["maximum_iqr"] == 1.5


@pytest.mark.parametrize(
    ("raw", "expected"), [(True, True), ("on", True), ("0", False), ("no", False), ("", False), (None, False)]
)
def test_boolean_reads_the_words_of_forms(raw, expected):
    assert parse_params(RAND, {"allow_small_panel": raw})["allow_small_panel"] is expected


@pytest.mark.parametrize("scale", [Scale(1, 9), Scale(1, 5), Scale(0, 10), Scale(-3, 3)])
@pytest.mark.parametrize("name", sorted(all_rules()))
def test_parsed_params_parse_to_themselves(name, scale):
    rule = rule_named(name)
    if not rule.supports(scale):
        assert "" in errors_of(rule, {}, scale)
        return
    values = parse_params(rule, {}, scale=scale)
    assert None not in values.values()
    assert parse_params(rule, values, scale=scale) == values


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        ({"threshold": "50"}, {"threshold": "Must be 51 or more."}),
        ({"threshold": "101"}, {"threshold": "Must be 100 or less."}),
        ({"threshold": "75.5"}, {"threshold": "Must be a whole number."}),
        ({"threshold": "most"}, {"threshold": "Must be a number."}),
        ({"threshold": "nan"}, {"threshold": "Must be a number."}),
        ({"threshold": "1e999"}, {"threshold": "Must be a number."}),
        ({"threshold": True}, {"threshold": "Must be a number."}),
        ({"threshold": [75]}, {"threshold": "Must be a number."}),
        ({"who_counts": "friends"}, {"who_counts": "Choose one of: rated, answered, entitled."}),
        ({"treshold": "75"}, {"treshold": "This rule has no such setting."}),
        ({"for_from": "10"}, {"for_from": "Must be on the scale, 1 to 9."}),
        (
            {"for_from": "3", "against_to": "3"},
            {"against_to": "Must be lower than the rating from which a vote counts as for."},
        ),
        (
            {"threshold": "x", "who_counts": "y"},
            {"threshold": "Must be a number.", "who_counts": "Choose one of: rated, answered, entitled."},
        ),
    ],
)
def test_bad_params_are_refused_by_field(raw, errors):
    assert errors_of(PERCENT, raw, Scale(1, 9)) == errors


def test_bad_boolean_is_refused():
    assert errors_of(RAND, {"allow_small_panel": "maybe"}) == {"allow_small_panel": "Must be yes or no."}


def test_refusals_are_the_kernels_own():
    assert issubclass(RuleParamsInvalid, Invalid)
    with pytest.raises(NotFound, match="no consensus rule named “coin_toss”"):
        rule_named("coin_toss")
    assert issubclass(RuleUnknown, NotFound)


def test_fields_with_impossible_defaults_cannot_be_declared():
    with pytest.raises(ValueError, match="off by default"):
        RuleField("loud", "Loud", FieldKind.BOOLEAN, True)
    with pytest.raises(ValueError, match="not among its choices"):
        RuleField("tone", "Tone", FieldKind.CHOICE, "red", choices=(Choice("blue", "Blue"),))
