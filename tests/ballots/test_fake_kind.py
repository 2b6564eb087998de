"""A poll kind is one file and one template: a fake one, dropped in, walks from the form to the result page
without a line of the program changed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy import select

from sigforum.ballots import kinds
from sigforum.ballots.models import Poll
from sigforum.ballots.registry import all_kinds
from sigforum.extensions import db
from sigforum.kernel.registry import load_plugins
from sigforum.summaries.assemble import session_summary
from tests.casting import Cast

MODULE = '''
"""Raising hands: a fake kind of the tests."""

from sigforum.ballots.domain import Column, Result, ResultLine
from sigforum.kernel.errors import Invalid


class Hands:
    name, label, description = "hands", "Show of hands", "Everyone raises a hand or does not."
    takes_rule = options_are_responses = False

    def parse_settings(self, raw):
        gesture = (raw.get("gesture") or "hand").strip()
        if len(gesture) > 20:
            raise Invalid({"gesture": "At most 20 characters."})
        return {"gesture": gesture}

    def settings_text(self, settings):
        return f"by {settings['gesture']}"

    def read_form(self, form):
        return {"raised": [name.removeprefix("raise-") for name in form if name.startswith("raise-")]}

    def parse_answer(self, raw, paper):
        raised = raw.get("raised") if isinstance(raw, dict) else None
        if not isinstance(raised, list) or not all(isinstance(key, str) for key in raised):
            raise Invalid({"": "A ballot names the options a hand is raised for."})
        unknown = [key for key in raised if key not in paper.keys]
        if unknown:
            raise Invalid({key: "This is not on the ballot." for key in unknown})
        return {"raised": sorted(set(raised))}

    def tally(self, answers, paper, *, headcount, rule):
        counts = {key: sum(key in answer["raised"] for answer in answers) for key in paper.keys}
        return Result(
            kind=self.name, headcount=headcount, answered=len(answers), abstained=0,
            columns=(Column(key="hands", label="Hands raised"),),
            lines=tuple(ResultLine(key=option.key, text=option.text, answered=len(answers),
                                   figures={"hands": counts[option.key]}) for option in paper.options),
            text=f"{len(answers)} of {headcount.entitled} looked up.")

    def describe(self, answer, paper):
        return {key: "Raised" for key in paper.keys if key in answer["raised"]}

    def positions(self, answer, paper):
        return {key: "raised" if key in answer["raised"] else "down" for key in paper.keys}


KIND = Hands()
'''
TEMPLATE = '''
{% macro settings(typed, errors) %}<label>Gesture <input name="gesture" value="{{ typed.get("gesture", "") }}"></label>
{% if errors.get("gesture") %}<p>{{ errors.gesture }}</p>{% endif %}{% endmacro %}
{% macro ballot(shown, given, errors) %}{% for option in shown.paper.options %}
<label data-option="{{ option.key }}"><input type="checkbox" name="raise-{{ option.key }}"
{%- if option.key in (given or {}).get("raised", []) %} checked{% endif %}>{{ option.text }}</label>
{% endfor %}{% endmacro %}
{% macro result(shown, result) %}<ul>{% for line in result.lines %}
<li>{{ line.text }}: {{ line.figures.hands }} {{ shown.poll.settings.gesture }}</li>{% endfor %}</ul>{% endmacro %}
'''


@pytest.fixture
def dropped_in(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two files, in folders where kinds and templates are looked for."""
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "hands.py").write_text(MODULE)
    template = tmp_path / "templates" / "ballots" / "kinds" / "hands.html"
    template.parent.mkdir(parents=True)
    template.write_text(TEMPLATE)
    monkeypatch.setattr(kinds, "__path__", [*kinds.__path__, str(tmp_path / "kinds")])
    loader = app.jinja_env.loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(tmp_path / "templates"), loader])
    load_plugins.cache_clear()
    yield
    load_plugins.cache_clear()


@pytest.mark.earlier_terms
@pytest.mark.usefixtures("dropped_in")
def test_new_kind_walks_from_the_form_to_the_result(cast: Cast, sign_in) -> None:
    assert "hands" in all_kinds()
    finn, ben, cyn, olu = (sign_in(cast.person(name)) for name in ("finn", "ben", "cyn", "olu"))
    base = f"/meetings/{cast.slug}"
    page = f"{base}/sessions/1A"

    # The form offers the kind, shows its own settings and no other's.
    assert "Show of hands" in finn.get(f"{page}/polls/new").text
    form = finn.get(f"{page}/polls/new?kind=hands").text
    assert 'name="gesture"' in form
    assert 'name="scale_max"' not in form
    assert 'name="rule"' not in form
    typed = {"kind": "hands", "title": "Who is for it?", "statements": "Closed.\nOpen.", "gesture": "g" * 21}
    refused = finn.post(f"{page}/polls/new", data=typed)
    assert refused.status_code == 422
    assert "At most 20 characters." in refused.text
    assert "g" * 21 in refused.text
    assert finn.post(f"{page}/polls/new", data=typed | {"gesture": "paws"}).status_code == 302

    poll = db.session.scalars(select(Poll).where(Poll.kind == "hands")).one()
    assert 'value="paws"' in finn.get(f"{base}/polls/{poll.id}/edit").text
    assert finn.post(f"{base}/polls/{poll.id}/open").status_code == 302

    # Both edges take its ballots; a wrong one is refused by its key.
    first, second = (f"o{option.id}" for option in poll.options)
    assert f'name="raise-{first}"' in ben.get(page).text
    ballot = {"round": "1", "key": "the-first-key"}
    wrong = ben.post(f"{base}/polls/{poll.id}/votes", data=ballot | {"raise-o0": "on"},
                     headers={"Accept": "application/json"})
    assert (wrong.status_code, wrong.json["errors"]) == (422, {"o0": "This is not on the ballot."})
    for browser, fields in ((ben, {f"raise-{first}": "on"}), (cyn, {f"raise-{first}": "on", f"raise-{second}": "on"})):
        saved = browser.post(f"{base}/polls/{poll.id}/votes", data=ballot | fields,
                             headers={"Accept": "application/json"})
        assert (saved.status_code, saved.json["ok"]) == (200, True)
    assert "checked" in ben.get(f"{base}/polls/{poll.id}/ballot").text

    # The result is hidden, then revealed, on the page and in the summary.
    assert finn.post(f"{base}/polls/{poll.id}/close").status_code == 302
    assert "2 paws" not in olu.get(page).text
    assert finn.post(f"{base}/polls/{poll.id}/reveal").status_code == 302
    shown = olu.get(page).text
    assert "Closed.: 2 paws" in shown
    assert "Open.: 1 paws" in shown
    db.session.rollback()
    document = session_summary(cast.forum_session())
    summarised = next(one for one in document.polls if one.kind == "hands")
    assert [(line.text, [(figure.label, figure.text) for figure in line.figures]) for line in summarised.lines] == [
        ("Closed.", [("Hands raised", "2")]), ("Open.", [("Hands raised", "1")])]
    assert "Hands raised" in olu.get(f"{page}/summary").text
    # It may have stored plain values only.
    assert json.loads(json.dumps(poll.settings)) == {"gesture": "paws"}


def test_fake_kind_is_gone_afterwards() -> None:
    assert "hands" not in all_kinds()
