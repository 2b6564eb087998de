"""Who wrote a response is said as the session's rule allows, on every way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigforum.extensions import db
from sigforum.live.gateway import Onlooker, fragments_of
from sigforum.people.actions import invite_people, revoke_membership
from sigforum.people.domain import Audience, MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members
from sigforum.threads.actions import edit_response, post_response
from sigforum.threads.domain import Attribution, Promise, byline, promise, strictest
from sigforum.threads.forms import NewResponse
from sigforum.transaction import MeetingEvent
from tests.casting import Cast

TRACES = ("Ben Participant", "Ben's Works", "Ben&#39;s Works", "Ben&#x27;s Works", "ben@example.org")
INDUSTRY = "Industry"


def enlarge(cast: Cast, *, group: str, by: int) -> None:
    """Invite more people of a group."""
    if not by:
        return
    rows = "".join(f"Person {number},p{number}@example.org,{group}\n" for number in range(by))
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,stakeholder group\n" + rows, codes={}).people, send_mail=False)
    for membership in members(cast.meeting_id):
        if membership.person.email.startswith("p"):
            membership.status = MembershipStatus.ACCEPTED
    db.session.commit()


def ways_out(cast: Cast, sign_in) -> dict[str, str]:
    """All that is told of ben's response, by the way it goes out, as seen by cyn and by the chair."""
    response = post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="key-00000001", text="Words of one"))
    edit_response(cast.viewer("ben"), response.id, text="Other words of one", revision=1)
    found: dict[str, str] = {}
    for name in ("cyn", "finn", "olu"):
        browser = sign_in(cast.person(name))
        for path in ("sessions/1A", f"responses/{response.id}/reply", f"responses/{response.id}/history",
                     "sessions/1A/summary"):
            if (name, path.rpartition("/")[2]) == ("olu", "reply"):
                continue
            answer = browser.get(f"/meetings/{cast.slug}/{path}")
            assert answer.status_code == 200
            found[f"{name} {path}"] = answer.get_data(as_text=True)
    for event in db.session.query(MeetingEvent).filter(MeetingEvent.kind.like("response_%")):
        for audience in Audience:
            html = "".join(one.html for one in fragments_of(event.kind, event.payload, Onlooker(audience=audience)))
            found[f"live {event.kind} {audience}"] = html
    return found


def set_rule(cast: Cast, rule: Attribution) -> None:
    """Give 1A its rule of attribution."""
    cast.forum_session().attribution = rule
    db.session.commit()


def test_named_says_who(cast: Cast, sign_in) -> None:
    set_rule(cast, Attribution.NAMED)
    found = ways_out(cast, sign_in)
    for way in ("cyn sessions/1A", "live response_posted speaker", "live response_changed watcher"):
        assert "Ben Participant" in found[way]
        assert "Ben&#39;s Works" in found[way]


@pytest.mark.parametrize(("rule", "more", "is_group_told"), [
    (Attribution.ROLE, 0, False), (Attribution.ROLE, 1, False), (Attribution.ROLE, 2, True),
    (Attribution.CHATHAM, 0, False), (Attribution.CHATHAM, 5, False)])
def test_nothing_but_a_large_group_is_told(
        cast: Cast, sign_in, rule: Attribution, more: int, is_group_told: bool) -> None:
    # ben's group has ben alone (rex, of the same, was removed), and `more`.
    set_rule(cast, rule)
    enlarge(cast, group=INDUSTRY, by=more)
    for way, text in ways_out(cast, sign_in).items():
        told = [trace for trace in TRACES if trace in text]
        assert not told, f"{way} tells {told}"
        if ("sessions/1A" in way and "summary" not in way) or way.startswith("live"):
            # The wall tells of nobody who wrote what.
            assert ("Stakeholder group: Industry" in text) is (is_group_told and "projector" not in way), way


def test_group_that_was_told_stays_whoever_leaves_or_changes_groups(cast: Cast, sign_in) -> None:
    set_rule(cast, Attribution.ROLE)
    enlarge(cast, group=INDUSTRY, by=2)
    browser = sign_in(cast.person("cyn"))
    post_response(cast.viewer("ben"), NewResponse(
        question_id=cast.forum_session().asked[0].id, parent_id=None, key="key-00000001", text="Words of one"))
    address = f"/meetings/{cast.slug}/sessions/1A"
    assert "Stakeholder group: Industry" in browser.get(address).get_data(as_text=True)
    from_group = db.session.execute(db.text(
        "SELECT m.id FROM memberships m JOIN people p ON p.id = m.person_id WHERE p.email = 'p0@example.org'")).scalar()
    revoke_membership(cast.viewer("ada"), from_group)
    assert "Stakeholder group: Industry" in browser.get(address).get_data(as_text=True)


@given(st.integers(0, 12), st.sampled_from(["", INDUSTRY]), st.sampled_from(list(Attribution)))
def test_group_is_promised_from_three_accepted_people_on(accepted: int, group: str, rule: Attribution) -> None:
    promised = promise(attribution=rule, group=group, accepted_in_group=accepted)
    assert promised.attribution is rule
    assert promised.label == (group if rule is Attribution.ROLE and accepted >= 3 else "")


@pytest.mark.parametrize("attribution", Attribution)
@pytest.mark.parametrize("promised", Attribution)
@pytest.mark.parametrize("label", [INDUSTRY, ""])
def test_byline_holds_only_what_the_stricter_rule_allows(
        attribution: Attribution, promised: Attribution, label: str) -> None:
    line = byline(name="Ben", affiliation="Works", promised=Promise(attribution=promised, label=label),
                  attribution=attribution)
    expected = {Attribution.NAMED: ("Ben", "Works", ""), Attribution.CHATHAM: ("", "", ""),
                Attribution.ROLE: ("", "", label)}
    assert (line.name, line.affiliation, line.group) == expected[strictest(promised, attribution)]


def test_strictest_rule_tells_least() -> None:
    assert strictest("named", "role") is Attribution.ROLE
    assert strictest("chatham", "named", "role") is Attribution.CHATHAM
    assert strictest("named") is Attribution.NAMED
