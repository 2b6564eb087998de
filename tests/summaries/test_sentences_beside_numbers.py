"""Sentences that stand beside numbers: they count what the other page counts, give the reason that holds, and leave out
what is nobody's."""

import re

from lxml import html
from sqlalchemy import select

from sigforum.ballots import actions as ballots
from sigforum.ballots.deviating import deviate
from sigforum.ballots.forms import parse_poll
from sigforum.extensions import db
from sigforum.summaries import assemble
from sigforum.summaries.registry import all_formats
from sigforum.threads import actions as threads
from sigforum.threads.models import Response
from tests.ballots.polling import STATEMENTS, TITLE, add_voters, make_poll, move, vote
from tests.casting import Cast
from tests.summaries.panel import make_panel, readable


def words(page: str) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page).text_content())


def test_agenda_and_session_count_replies_apart_as_the_summary_does(cast: Cast, sign_in) -> None:
    make_panel(cast)
    browser, address = sign_in(cast.person("ben")), f"/meetings/{cast.slug}"
    counts = assemble.session_summary(cast.forum_session()).participation
    assert (counts.responses, counts.replies) == (3, 1)
    assert "3 responses, 1 reply" in words(browser.get(address).text)
    first = words(browser.get(f"{address}/sessions/1A").text)
    assert "1 response, 1 reply" in first
    assert "1 response, 1 reply from 2 people" in words(
        sign_in(cast.person("finn")).get(f"{address}/sessions/1A/console").text)


def test_interests_page_says_who_is_not_counted(cast: Cast, sign_in) -> None:
    page = words(sign_in(cast.person("finn")).get(f"/meetings/{cast.slug}/sessions/1A/interests").text)
    rows = page.count("not answered yet")
    counted, silent, others = (int(found) for found in re.search(
        r"Of (\d+) participants who have accepted .* (\d+) ha(?:s|ve) not answered\. (\d+) more", page).groups())
    assert silent == counted
    # rex accepted, and was removed since.
    assert "1 person whose place ended since stays counted." in page
    assert rows == counted - 1 + others


def test_motion_without_a_quorum_gives_the_quorum_as_its_reason(cast: Cast) -> None:
    names = ("ben", "cyn", *add_voters(cast, 6))
    poll = make_poll(cast, kind="motion", rule="two_thirds", statements="Adopt it", upto="open")
    for name in names[:3]:
        vote(cast, name, poll, {"votes": {f"o{poll.options[0].id}": "yes"}})
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    [line] = assemble.session_summary(cast.forum_session()).polls[0].lines
    assert line.verdict is not None
    assert line.verdict.because == ("3 people voted yes or no, but without a quorum: 3 of 8 entitled people took part; "
                                    "the quorum is 50 %.")


def test_what_nobody_took_back_is_not_counted_out(cast: Cast) -> None:
    panel = make_panel(cast)

    def text() -> str:
        return readable(all_formats()["markdown"].write(assemble.session_summary(panel.forum_session)), "md")
    assert "1 withdrawn and 1 hidden responses are not counted." in text()
    hidden = db.session.scalars(select(Response.id).where(Response.hidden_at.is_not(None))).one()
    threads.show_response(cast.viewer("finn"), hidden)
    assert "1 withdrawn response is not counted." in text()
    assert "0 hidden" not in text()
    assert "0 withdrawn" not in text()


def test_deviation_says_the_rule_in_its_own_sentence(cast: Cast, sign_in) -> None:
    poll = make_poll(cast, upto="reveal", secrecy="open")
    fields = {"kind": "rating", "title": TITLE, "statements": "\n".join(STATEMENTS), "secrecy": "open",
              "rule": "percent_agreement", "percent_agreement-threshold": "80"}
    deviate(cast.viewer("finn"), poll.id, parse_poll(fields), reason="Too easy.")
    ballots.move_poll(cast.viewer("finn"), poll.id, verb="open")
    [made] = assemble.session_summary(cast.forum_session()).polls[0].deviations
    page = words(sign_in(cast.person("ben")).get(f"/meetings/{cast.slug}/polls/{poll.id}").text)
    for said in (made.before, made.after, page):
        assert "params" not in said
        assert "version:" not in said
    assert made.before != made.after
    assert re.sub(r"\d+ %", "", made.before) == re.sub(r"\d+ %", "", made.after)
    assert "80 %" in made.after
    assert made.after in page


def test_day_of_the_agenda_is_told_as_such(cast: Cast) -> None:
    text = next(item.text for item in assemble.session_summary(cast.forum_session()).checklist if item.number == "R1")
    assert "On the agenda for" in text
    assert "Held on" not in text
