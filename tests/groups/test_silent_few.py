"""Voters by group beside how many of each group accepted: nobody is told to have been silent, and no sentence says
otherwise than the table beside it."""

import pytest

from sigforum.extensions import db
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import all_formats
from sigforum.transaction import transaction
from tests.casting import Cast
from tests.groups.room import agree_poll, seat
from tests.summaries.panel import readable

SILENT_FEW = "would tell of one or two people that they did not vote, so that nothing is told by group"
TOO_SMALL = "The stakeholder groups are too small for answers to be counted apart."
UNTOLD = "How many of each stakeholder group answered is not told"


def voted(cast: Cast, sizes: dict[str, tuple[int, int]], **fields: str) -> SummaryDocument:
    """The summary after a revealed poll, of (accepted, voted) by group."""
    names = seat(cast, {group: accepted for group, (accepted, _) in sizes.items()})
    agree_poll(cast, {name: "ad" if place % 2 else "da" for group, some in names.items()
                      for place, name in enumerate(some[:sizes[group][1]])}, **fields)
    return document(cast)


def document(cast: Cast) -> SummaryDocument:
    db.session.rollback()
    return session_summary(cast.forum_session())


def groups(found: SummaryDocument) -> list[tuple[str, int]]:
    told = found.polls[0].groups
    assert told is not None
    assert bool(told.groups) is not bool(told.refused)
    return [(one.label, one.voters) for one in told.groups]


def answers(found: SummaryDocument) -> dict[str, int | None]:
    assert found.method is not None
    return {one.label: one.answered for asked in found.method.answers if asked.poll == found.polls[0].key
            for one in asked.groups}


def test_the_one_who_did_not_vote_follows_from_no_table(cast: Cast) -> None:
    found = voted(cast, {"Clinical": (5, 4), "Industry": (7, 7)})
    assert [(one.label, one.accepted) for one in found.participation.groups] == [("Clinical", 5), ("Industry", 7)]
    assert groups(found) == []
    assert found.polls[0].groups is not None
    assert SILENT_FEW in found.polls[0].groups.refused
    for name, one in all_formats().items():
        text = readable(one.write(found), one.extension)
        assert "4 voters" not in text, name
        assert TOO_SMALL not in text, name


def test_record_page_tells_as_little(cast: Cast, sign_in) -> None:
    found = voted(cast, {"Clinical": (5, 4), "Industry": (7, 7)})
    page = sign_in(cast.person("ada")).get(f"/meetings/{cast.slug}/polls/{found.polls[0].key[1:]}").text
    assert "Clinical <small" not in page
    assert SILENT_FEW in page


@pytest.mark.parametrize(("sizes", "told"), [
    ({"Clinical": (5, 5), "Industry": (7, 7)}, [("Clinical", 5), ("Industry", 7)]),
    ({"Clinical": (6, 3), "Industry": (7, 7)}, [("Clinical", 3), ("Industry", 7)]),
    # Two and one were silent, which is three of those who stand together.
    ({"Clinical": (6, 4), "Industry": (7, 7), "Patients": (5, 4)}, [("Industry", 7), ("Other groups", 8)]),
    # Nobody of a group voted: its voters would be all minus the others.
    ({"Clinical": (5, 5), "Industry": (7, 7), "Patients": (3, 0)}, [("Industry", 7), ("Other groups", 5)]),
])
def test_groups_stand_together_until_enough_were_silent(cast: Cast, sizes, told) -> None:
    found = voted(cast, sizes)
    assert groups(found) == told
    answered = answers(found)
    # What the other table keeps back is told by neither.
    assert all(answered[label] == voters for label, voters in told if label != "Other groups")


def test_table_goes_where_somebody_accepts_later(cast: Cast) -> None:
    assert groups(voted(cast, {"Clinical": (5, 5), "Industry": (7, 7)}))
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,affiliation,stakeholder group,role\nlate,late@example.org,,Clinical,participant\n",
        codes={}).people, send_mail=False)
    assert groups(document(cast))
    with transaction():
        next(one for one in members(cast.meeting_id) if one.person.email == "late@example.org"
             ).status = MembershipStatus.ACCEPTED
    assert groups(document(cast)) == []


def test_open_ballots_say_who_voted_and_so_do_both_tables(cast: Cast) -> None:
    found = voted(cast, {"Clinical": (5, 4), "Industry": (7, 7)}, secrecy="open")
    assert groups(found) == [("Clinical", 4), ("Industry", 7)]
    assert answers(found) == {"Clinical": 4, "Industry": 7}


def test_sentence_about_answers_by_group_says_what_is_so(cast: Cast) -> None:
    def text() -> str:
        return readable(all_formats()["markdown"].write(document(cast)), "md")
    assert TOO_SMALL not in text()
    assert UNTOLD not in text()
    voted(cast, {"Clinical": (5, 4), "Industry": (7, 7)})
    assert TOO_SMALL not in text()
    assert UNTOLD in text()
