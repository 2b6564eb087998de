"""Rooms of voters from several stakeholder groups, who vote through the same actions that people use."""

from collections.abc import Mapping, Sequence

from sigforum.ballots.models import Poll
from sigforum.extensions import db
from sigforum.groups.domain import RoundGroups
from sigforum.groups.queries import groups_of
from sigforum.people.actions import invite_people
from sigforum.people.domain import Audience, MembershipStatus, Role
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members
from sigforum.transaction import transaction
from tests.ballots.polling import make_poll, move, vote
from tests.casting import Cast


def seat(cast: Cast, sizes: Mapping[str, int]) -> dict[str, list[str]]:
    """Participants of each group, accepted, and nobody besides: the cast's own look on. Their names for `cast.person`
    by group."""
    names = {group: [f"{group.lower()}{place}" for place in range(count)] for group, count in sizes.items()}
    rows = "".join(f"{name},{name}@example.org,,{group},participant\n"
                   for group, some in names.items() for name in some)
    invite_people(cast.viewer("ada"), parse_invitations(
        "name,email,affiliation,stakeholder group,role\n" + rows, codes={}).people, send_mail=False)
    with transaction():
        for member in members(cast.meeting_id):
            if any(member.person.email == f"{name}@example.org" for some in names.values() for name in some):
                member.status = MembershipStatus.ACCEPTED
            elif member.role == Role.PARTICIPANT:
                member.role = Role.OBSERVER
    return names


def agree_poll(cast: Cast, words: Mapping[str, Sequence[str]], **fields: str) -> Poll:
    """An agree/disagree poll, revealed, in which everybody answered each statement by the letters of their word:
    a agree, d disagree, p pass; by name."""
    count = len(next(iter(words.values())))
    poll = make_poll(cast, kind="agree", statements="\n".join(f"Statement {place}." for place in range(count)),
                     upto="open", **fields)
    keys = [f"o{option.id}" for option in poll.options]
    meant = {"a": "agree", "d": "disagree", "p": "pass"}
    for name, word in words.items():
        vote(cast, name, poll, {"votes": {key: meant[letter] for key, letter in zip(keys, word, strict=True)}})
    for verb in ("close", "reveal"):
        move(cast, poll, verb)
    return poll


def told(poll: Poll, audience: Audience = Audience.WATCHER) -> RoundGroups | None:
    """What is told of groups in a poll's newest round, read afresh."""
    db.session.rollback()
    fresh = db.session.get(Poll, poll.id, populate_existing=True)
    assert fresh is not None
    assert fresh.round is not None
    return groups_of(fresh, fresh.round, audience)
