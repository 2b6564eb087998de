"""Who may choose, approve or agree is no sample of anybody: newer rounds have no interval, nowhere; older ones keep it
and pages say as if of what."""

import html
import json
import re
from typing import Any

import pytest
from sqlalchemy import update

from sigforum.ballots import deviating, record
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.people.domain import Audience
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.registry import format_named
from sigforum.transaction import transaction
from tests.ballots.polling import add_voters, make_poll, move, vote
from tests.casting import Cast

ANSWERS: dict[str, Any] = {
    "single": lambda keys: {"choice": keys[0]}, "multiple": lambda keys: {"chosen": keys[:1]},
    "approval": lambda keys: {"approved": keys[:1]}, "agree": lambda keys: {"votes": {keys[0]: "agree"}}}
AS_IF = "as if"


def hold(cast: Cast, kind: str, *, as_before: bool = False) -> Poll:
    """A revealed poll of six voters; with `as_before` its settings are those of earlier programs."""
    voters = add_voters(cast, 6)
    poll = make_poll(cast, kind=kind, rule="")
    if as_before:
        with transaction():
            db.session.execute(update(Poll).where(Poll.id == poll.id).values(
                settings={name: value for name, value in poll.settings.items() if name != "intervals"}))
        db.session.expire_all()
    move(cast, poll, "open")
    run(cast, poll, kind, voters)
    return poll


def run(cast: Cast, poll: Poll, kind: str, voters: list[str]) -> None:
    for name in voters:
        vote(cast, name, poll, ANSWERS[kind]([f"o{option.id}" for option in poll.options]))
    for verb in ("close", "reveal"):
        move(cast, poll, verb)


def sheet(poll: Poll, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.sheet_file(poll, number, audience=Audience.SPEAKER))
    return found


def words(cast: Cast, poll: Poll, sign_in: Any) -> str:
    page = sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/polls/{poll.id}").get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("kind", ANSWERS)
def test_newer_rounds_have_none(cast: Cast, sign_in: Any, kind: str) -> None:
    poll = hold(cast, kind)
    result = sheet(poll)["result"]
    assert "interval" not in [column["key"] for column in result["columns"]]
    assert [line["figures"]["interval"] for line in result["lines"]] == [None, None]
    assert "interval" not in words(cast, poll, sign_in)
    document = session_summary(cast.forum_session())
    assert document.polls[0].lines[0].share.count == 6
    for name in ("markdown", "html"):
        text = format_named(name).write(document).decode()
        printed = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        assert re.findall(r"95 % .{30}", printed) == [], name
        assert "as n of N" in printed


@pytest.mark.parametrize("kind", ANSWERS)
def test_rounds_of_earlier_terms_keep_it_and_say_as_if_of_what(cast: Cast, sign_in: Any, kind: str) -> None:
    poll = hold(cast, kind, as_before=True)
    result = sheet(poll)["result"]
    assert "interval" in [column["key"] for column in result["columns"]]
    assert result["lines"][0]["figures"]["interval"][1] == 1
    page = words(cast, poll, sign_in)
    assert page.count("95 % interval") == page.count("95 % interval, as if")
    text = format_named("markdown").write(session_summary(cast.forum_session())).decode()
    assert "under earlier terms, which is as if the panel were a random sample" in text


def test_another_round_of_an_older_poll_has_the_terms_of_its_first(cast: Cast) -> None:
    poll = hold(cast, "single", as_before=True)
    deviating.deviate(cast.viewer("finn"), poll.id, parse_poll({
        "kind": "single", "title": "Another title", "rule": "",
        "statements": "\n".join(option.text for option in poll.options)}), reason="The title was not clear.")
    assert [one.field for one in poll.deviations] == ["title"]
    move(cast, poll, "open")
    run(cast, poll, "single", ["v0", "v1", "v2"])
    assert "intervals" not in sheet(poll, 2)["terms"]["settings"]
    assert sheet(poll, 2)["result"]["lines"][0]["figures"]["interval"] is not None
