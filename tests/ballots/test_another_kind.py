"""Another kind for a poll that is being written loses nothing that was typed, neither on the way there nor back."""

import html
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from sigforum.ballots.models import Poll
from sigforum.ballots.registry import all_kinds
from sigforum.extensions import db
from tests.casting import Cast

WRITABLE = [name for name, kind in all_kinds().items() if not kind.options_are_responses]
TITLE, STATEMENTS = "How safe is “it”, and > 5?", "\n  The first, indented\n\nThe <second> & its \"quotes\""


class FormRead(HTMLParser):
    """What a browser would send of the page's form without pressing a button, and the buttons and links of kinds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.controls: dict[str, dict[str, str]] = {}
        self._area = self._select = self._pressed = ""
        self._attributes: dict[str, str] = {}
        self.feed(re.search(r"<main.*</main>", page, re.DOTALL)[0])

    def handle_starttag(self, tag: str, attributes) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "textarea":
            self._area = name
            self.sent[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.options.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in self.sent:
                self.sent[self._select] = given.get("value", "")
        elif tag == "input" and (kind not in ("radio", "checkbox", "file") or "checked" in given):
            self.sent[name] = given.get("value", "")
        elif tag in ("button", "a"):
            self._pressed, self._attributes = "?", given

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area] += data
        elif self._pressed and data.strip():
            self.controls.setdefault(data.strip(), self._attributes)
            self._pressed = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser takes the first line end of the area for the page's, not the text's.
            self.sent[self._area] = self.sent[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""


@pytest.fixture
def finn(cast: Cast, sign_in) -> FlaskClient:
    return sign_in(cast.person("finn"))


def opened(finn: FlaskClient, cast: Cast, kind: str) -> FormRead:
    return FormRead(finn.get(f"/meetings/{cast.slug}/sessions/1A/polls/new?kind={kind}").text)


def chosen(finn: FlaskClient, cast: Cast, form: FormRead, typed: dict[str, str], kind: str) -> FormRead:
    """The form after a press on the kind's button or link, as a browser without scripts goes there."""
    control = form.controls[all_kinds()[kind].label]
    if "href" in control:
        return FormRead(finn.get(control["href"]).text)
    # Browsers send line ends of areas as two signs.
    fields = {name: value.replace("\n", "\r\n") for name, value in (form.sent | typed).items()}
    answer = finn.post(f"/meetings/{cast.slug}/sessions/1A/polls/new",
                       data=fields | {control["name"]: control["value"]})
    assert answer.status_code == 200
    return FormRead(answer.text)


def everything(form: FormRead) -> dict[str, str]:
    """Another value than the form's own for every field that can be typed or chosen."""
    typed = {name: next((one for one in form.options.get(name, ()) if one != form.sent[name]), f"own {name}")
             for name in form.sent if name not in ("csrf_token", "kind", "typed_fields")}
    return typed | {"title": TITLE, "statements": STATEMENTS, "visibility": "live", "secrecy": "secret"} | {
        name: value for name, value in {"rule": "median_iqr", "outside": "left_out", "groups": "never"}.items()
        if name in form.sent}


def same(form: FormRead, typed: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The fields that hold something else than what was typed."""
    return {name: (value, form.sent.get(name, "gone")) for name, value in typed.items()
            if form.sent.get(name, "gone").replace("\r\n", "\n") != value}


@pytest.mark.parametrize("start", WRITABLE)
def test_title_and_statements_go_along_to_every_other_kind(start: str, cast: Cast, finn: FlaskClient) -> None:
    shared = {"title": TITLE, "statements": STATEMENTS, "visibility": "live", "secrecy": "open"}
    for kind in WRITABLE:
        there = chosen(finn, cast, opened(finn, cast, start), shared, kind)
        assert there.sent["kind"] == kind
        assert same(there, shared) == {}


@pytest.mark.parametrize("start", WRITABLE)
def test_everything_typed_is_back_with_the_kind_that_asked_for_it(start: str, cast: Cast, finn: FlaskClient) -> None:
    form = opened(finn, cast, start)
    typed = everything(form)
    if start == "motion":
        del typed["rule"]
    others = [name for name in WRITABLE if name != start]
    for kind in others:
        there = chosen(finn, cast, form, typed, kind)
        assert same(chosen(finn, cast, there, {}, start), typed) == {}, f"by way of {kind}"
    for kind in (*others, start):
        form, typed = chosen(finn, cast, form, typed, kind), {}
    typed = everything(opened(finn, cast, start)) | ({"rule": "two_thirds"} if start == "motion" else {})
    assert same(form, typed) == {}


def test_defaults_belong_to_their_kind_and_what_was_typed_to_both(cast: Cast, finn: FlaskClient) -> None:
    rating = opened(finn, cast, "rating")
    assert (rating.sent["scale_max"], rating.sent["low_label"]) == ("9", "Strongly disagree")
    matrix = chosen(finn, cast, rating, {"high_label": "Leads by far", "scale_max": "5"}, "matrix")
    assert {name: matrix.sent[name] for name in ("scale_max", "low_label", "high_label")} == {
        "scale_max": "5", "low_label": "Lags", "high_label": "Leads by far"}
    back = chosen(finn, cast, matrix, {}, "rating")
    assert {name: back.sent[name] for name in ("scale_max", "low_label", "high_label")} == {
        "scale_max": "5", "low_label": "Strongly disagree", "high_label": "Leads by far"}


def test_rule_waits_while_another_kind_has_rules_of_its_own(cast: Cast, finn: FlaskClient) -> None:
    typed = {"rule": "rand_ucla", "percent_agreement-threshold": "70"}
    motion = chosen(finn, cast, opened(finn, cast, "rating"), typed, "motion")
    assert motion.sent["rule"] == "two_thirds"
    assert same(chosen(finn, cast, motion, {}, "rating"), typed) == {}


def test_what_was_typed_outlasts_a_refusal_between_two_kinds(cast: Cast, finn: FlaskClient) -> None:
    numeric = chosen(finn, cast, opened(finn, cast, "rating"), {"low_label": "Never", "statements": "One"}, "numeric")
    answer = finn.post(f"/meetings/{cast.slug}/sessions/1A/polls/new", data=numeric.sent | {"unit": "days"})
    assert answer.status_code == 422
    back = chosen(finn, cast, FormRead(answer.text), {}, "rating")
    assert same(back, {"low_label": "Never", "statements": "One", "unit": "days"}) == {}


def test_choosing_another_kind_stores_nothing_and_enter_saves(cast: Cast, finn: FlaskClient, whole_database) -> None:
    before = whole_database()
    single = chosen(finn, cast, opened(finn, cast, "rating"), {"title": "Which?", "statements": "A\nB"}, "single")
    assert whole_database() == before
    page = finn.get(f"/meetings/{cast.slug}/sessions/1A/polls/new").text
    first = re.search(r"<form class=\"form\".*?(<button.*?>)", page, re.DOTALL)[1]
    assert "name=" not in first, "the Enter key presses the first button of a form"
    saved = finn.post(f"/meetings/{cast.slug}/sessions/1A/polls/new", data=single.sent)
    assert saved.status_code == 302
    assert db.session.query(Poll).filter_by(title="Which?").one().kind == "single"


def test_form_that_nobody_touched_is_saved_once_it_has_words(cast: Cast, finn: FlaskClient) -> None:
    for kind in WRITABLE:
        form = opened(finn, cast, kind)
        saved = finn.post(f"/meetings/{cast.slug}/sessions/1A/polls/new", data=form.sent | {
            "title": f"A {kind}", "statements": "One\nTwo\nThree"})
        assert saved.status_code == 302, (kind, html.unescape(saved.text))


def test_kind_that_takes_responses_drops_no_statements(cast: Cast, finn: FlaskClient) -> None:
    address = f"/meetings/{cast.slug}/sessions/1A/polls/new"
    asked = finn.get(f"{address}?kind=points&statements=Mine")
    posted = finn.post(address, data={"kind": "points", "title": "What matters", "statements": "Mine"})
    for answer in (asked, posted):
        form = FormRead(answer.text)
        assert (answer.status_code, form.sent["kind"], form.sent["statements"]) == (422, "rating", "Mine")
        assert "takes what people answered for its options" in answer.text
    assert db.session.query(Poll).filter_by(title="What matters").count() == 0
