"""The rules of a room: acknowledged before posting and voting, in words that are logged, and locked from then on."""

import pytest
from sqlalchemy import select

from sigforum.agenda.actions import create_meeting, move_forum_session
from sigforum.agenda.importing.reading import read_agenda
from sigforum.audit.models import AuditEntry
from sigforum.ballots.models import LateVote, Vote
from sigforum.disclosures import queries
from sigforum.disclosures.domain import DEFAULT_NOTICE, EntryNeeded
from sigforum.disclosures.entering import acknowledge_rules, choose_attribution, set_entry
from sigforum.disclosures.forms import NewEntry
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotAllowed
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from sigforum.threads.models import Response
from tests.ballots.polling import make_poll, move, rating_answer, vote
from tests.casting import OTHER_AGENDA, Cast

RULES = NewEntry(notice=0, attribution="named", may_be_listed=False, may_be_quoted=False)


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """The cast, in a meeting that asks before people take part."""
    set_entry(cast.viewer("ada"), is_on=True, text=DEFAULT_NOTICE.strip())
    return cast


def say(cast: Cast, name: str, code: str = "1A", key: str = "some-key-of-ours") -> Response:
    return post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session(code).asked[0].id, parent_id=None, key=key, text="Said"))


def enter(cast: Cast, name: str, code: str = "1A", new: NewEntry = RULES) -> None:
    acknowledge_rules(cast.viewer(name), cast.forum_session(code).id, new)


def test_new_meeting_asks_and_sample_does_not(cast: Cast) -> None:
    plan = read_agenda(OTHER_AGENDA.encode())
    for is_sample in (False, True):
        made = create_meeting(plan, person=cast.person("ada"), is_sample=is_sample)
        assert queries.is_entry_asked(made.id) is not is_sample


@pytest.mark.both_databases
def test_nobody_posts_or_votes_before_the_rules_are_acknowledged(asked: Cast) -> None:
    poll = make_poll(asked, upto="open")
    for name in ("ben", "finn", "ada"):
        with pytest.raises(EntryNeeded, match="Before you take part"):
            say(asked, name)
    with pytest.raises(EntryNeeded):
        vote(asked, "ben", poll, rating_answer(poll, 8, 8), key="kept-by-the-client")
    assert db.session.scalars(select(Response)).all() == []
    assert db.session.scalars(select(Vote)).all() == []
    enter(asked, "ben")
    assert say(asked, "ben").text == "Said"
    # The vote that was refused goes out again under its key, and counts.
    assert vote(asked, "ben", poll, rating_answer(poll, 8, 8), key="kept-by-the-client").revision == 1
    for act in (
            lambda: vote(asked, "cyn", poll, rating_answer(poll, 8, 8)),
            lambda: say(asked, "ben", "1B", "another-key-of-ours")):
        with pytest.raises(EntryNeeded):
            act()


def test_gate_turned_on_in_the_middle_stops_the_next_vote(cast: Cast) -> None:
    poll = make_poll(cast, upto="open")
    vote(cast, "ben", poll, rating_answer(poll, 8, 8))
    set_entry(cast.viewer("ada"), is_on=True, text=DEFAULT_NOTICE.strip())
    with pytest.raises(EntryNeeded):
        vote(cast, "ben", poll, rating_answer(poll, 1, 1))
    set_entry(cast.viewer("ada"), is_on=False, text=DEFAULT_NOTICE.strip())
    assert vote(cast, "ben", poll, rating_answer(poll, 1, 1)).revision == 2


def test_vote_after_the_end_is_late_whoever_sends_it(asked: Cast) -> None:
    poll = make_poll(asked, upto="close")
    with pytest.raises(Conflict, match="too late"):
        vote(asked, "ben", poll, rating_answer(poll, 8, 8))
    assert len(db.session.scalars(select(LateVote)).all()) == 1


def test_acknowledgement_is_logged_with_the_words_and_the_rule(asked: Cast) -> None:
    enter(asked, "ben")
    enter(asked, "ben")
    found = queries.acknowledgement(asked.forum_session().id, person_id=asked.ids["ben"])
    assert found is not None
    notice = queries.notice(asked.meeting_id)
    assert (found.notice_number, found.notice_hash, found.attribution) == (0, notice.sha256, "named")
    logged = [row for row in db.session.scalars(select(AuditEntry)) if row.verb == "rules_acknowledged"]
    assert [(row.actor_id, row.detail["notice_sha256"], row.detail["attribution"]) for row in logged] == [
        (asked.ids["ben"], notice.sha256, "named")]


def test_rules_changed_while_they_were_read_are_read_again(asked: Cast) -> None:
    set_entry(asked.viewer("ada"), is_on=True, text="Other words")
    assert queries.notice(asked.meeting_id).number == 1
    with pytest.raises(Conflict, match="changed while you read"):
        enter(asked, "ben")
    choose_attribution(asked.viewer("finn"), asked.forum_session().id, attribution="chatham")
    newer = NewEntry(notice=1, attribution="chatham", may_be_listed=False, may_be_quoted=False)
    with pytest.raises(Conflict, match="changed while you read"):
        enter(asked, "ben", new=NewEntry(notice=1, attribution="named", may_be_listed=False, may_be_quoted=False))
    enter(asked, "ben", new=newer)
    # Whoever has entered is not stopped by newer words.
    set_entry(asked.viewer("ada"), is_on=True, text="Words once more")
    assert say(asked, "ben").text == "Said"


def test_consent_is_asked_apart_and_can_change(asked: Cast) -> None:
    for listed, quoted in ((False, True), (True, False), (False, False)):
        enter(asked, "ben", new=NewEntry(notice=0, attribution="named", may_be_listed=listed, may_be_quoted=quoted))
        found = queries.acknowledgement(asked.forum_session().id, person_id=asked.ids["ben"])
        assert found is not None
        assert (found.may_be_listed, found.may_be_quoted) == (listed, quoted)


def test_observer_only_reads_and_is_asked_nothing(asked: Cast, sign_in) -> None:
    with pytest.raises(NotAllowed):
        enter(asked, "olu")
    page = sign_in(asked.person("olu")).get(f"/meetings/{asked.slug}/sessions/1A")
    assert (page.status_code, "Before you take part" in page.get_data(as_text=True)) == (200, False)


def test_first_visit_leads_to_the_rules_and_reading_stays_open(asked: Cast, sign_in) -> None:
    browser, page = sign_in(asked.person("ben")), f"/meetings/{asked.slug}/sessions/1A"
    rules = f"{page}/enter"
    assert browser.get(page).location == rules
    read = browser.get(rules).get_data(as_text=True)
    assert "Competition law holds here" in read
    assert "checked" not in read
    assert browser.post(rules, data={"choice": "read"}).location == page
    told = browser.get(page)
    assert told.status_code == 200
    assert f'href="{rules}"' in told.get_data(as_text=True)
    assert queries.acknowledgement(asked.forum_session().id, person_id=asked.ids["ben"]) is None
    refused = browser.post(f"{page}/responses", data={
        "question_id": str(asked.forum_session().asked[0].id), "key": "key-of-the-test", "text": "Words not lost"})
    assert refused.status_code == 403
    assert "Words not lost" in refused.get_data(as_text=True)
    assert browser.post(rules, data={"choice": "take_part", "notice": "0", "attribution": "named"}).location == page
    assert f'href="{rules}"' not in browser.get(page).get_data(as_text=True)


def test_the_way_to_the_rules_stands_above_the_polls(asked: Cast, sign_in) -> None:
    make_poll(asked, upto="open")
    browser, address = sign_in(asked.person("ben")), f"/meetings/{asked.slug}/sessions/1A"
    browser.post(f"{address}/enter", data={"choice": "read"})
    page = browser.get(address).get_data(as_text=True)
    assert page.index('id="entry-') < page.index('id="polls"') < page.index('id="discussion"')


def test_refused_vote_tells_where_to_go(asked: Cast, sign_in) -> None:
    poll, browser = make_poll(asked, upto="open"), sign_in(asked.person("ben"))
    rules, address = f"/meetings/{asked.slug}/sessions/1A/enter", f"/meetings/{asked.slug}/polls/{poll.id}"
    form = {"round": "1", "key": "key-of-the-test", **{f"rating-o{option.id}": "7" for option in poll.options}}
    answer = browser.post(f"{address}/votes", data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["link"]) == (403, rules)
    page = browser.post(f"{address}/votes", data=form)
    assert (page.status_code, f'href="{rules}"' in page.get_data(as_text=True)) == (403, True)
    assert f'href="{rules}"' in browser.get(f"{address}/ballot").get_data(as_text=True)
    enter(asked, "ben")
    assert browser.post(f"{address}/votes", data=form).status_code == 302
    assert f'href="{rules}"' not in browser.get(f"{address}/ballot").get_data(as_text=True)


def test_attribution_is_chosen_until_somebody_relies_on_it(cast: Cast) -> None:
    forum = cast.forum_session().id
    for attribution in ("role", "chatham", "named", "chatham"):
        assert choose_attribution(cast.viewer("finn"), forum, attribution=attribution).attribution == attribution
    with pytest.raises(Invalid):
        choose_attribution(cast.viewer("finn"), forum, attribution="anything")
    for name in ("gus", "ben", "olu"):
        with pytest.raises(NotAllowed):
            choose_attribution(cast.viewer(name), forum, attribution="named")
    say(cast, "ben")
    with pytest.raises(Conflict, match="locked"):
        choose_attribution(cast.viewer("ada"), forum, attribution="named")
    # The same again is no change, and the other session is open still.
    choose_attribution(cast.viewer("ada"), forum, attribution="chatham")
    choose_attribution(cast.viewer("ada"), cast.forum_session("1B").id, attribution="role")


@pytest.mark.parametrize("deed", ["acknowledge", "poll", "live"])
def test_attribution_locks_with_the_first_deed(cast: Cast, deed: str) -> None:
    forum_session = cast.forum_session()
    if deed == "acknowledge":
        enter(cast, "ben")
    elif deed == "poll":
        draft = make_poll(cast)
        assert queries.lock_of(cast.forum_session()) == ""
        move(cast, draft, "open")
    else:
        move_forum_session(cast.viewer("finn"), forum_session.id, verb="go_live")
    assert queries.lock_of(cast.forum_session()) != ""
    with pytest.raises(Conflict, match="cannot change any more"):
        choose_attribution(cast.viewer("finn"), forum_session.id, attribution="role")
