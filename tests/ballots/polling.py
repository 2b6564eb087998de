"""Making polls and voting, through the same actions that people use."""

import json
import secrets
from typing import Any

from sqlalchemy import select

from sigforum.ballots import actions, queries
from sigforum.ballots.box import Cast as CastVote
from sigforum.ballots.box import Receipt
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll, VoteChange
from sigforum.extensions import db
from sigforum.people.actions import invite_people
from sigforum.people.domain import MembershipStatus
from sigforum.people.forms import parse_invitations
from sigforum.people.queries import members
from sigforum.transaction import transaction
from tests.casting import Cast

TITLE = "Where cells are made"
STATEMENTS = ("Closed systems come first.", "Hospitals come first.")


def make_poll(cast: Cast, *, upto: str = "", **fields: str) -> Poll:
    """A rating poll in 1A, unless `fields` say otherwise, moved on until a verb."""
    poll = actions.create_poll(cast.viewer("finn"), cast.forum_session().id, parse_poll({
        "kind": "rating", "title": TITLE, "statements": "\n".join(STATEMENTS), "rule": "percent_agreement",
        **fields}))
    for verb in ("open", "close", "reveal", "decide") if upto else ():
        move(cast, poll, verb)
        if verb == upto:
            break
    return poll


def move(cast: Cast, poll: Poll, verb: str, *, name: str = "finn") -> Poll:
    """Move a poll on as somebody."""
    return actions.move_poll(cast.viewer(name), poll.id, verb=verb)


def rating_answer(poll: Poll, *ratings: int | str) -> dict[str, Any]:
    """A ballot with a rating for each statement, in order."""
    keys = [f"o{option.id}" for option in poll.options]
    return {"ratings": dict(zip(keys, ratings, strict=True))}


def vote(cast: Cast, name: str, poll: Poll, answer: Any, *, key: str = "", round_number: int = 0,
         is_form: bool = False) -> Receipt:
    """Vote as somebody in the newest round, or in the round named."""
    viewer = cast.viewer(name)
    number = round_number or (poll.rounds[-1].number if poll.rounds else 1)
    return actions.cast_vote(viewer, CastVote(poll_id=poll.id, round_number=number, raw=json.loads(json.dumps(answer)),
        key=key or secrets.token_hex(8), is_form=is_form))


def priorities(cast: Cast, code: str = "1A") -> Poll:
    """The standing poll of a forum session."""
    found = db.session.scalar(select(Poll).where(
        Poll.forum_session_id == cast.forum_session(code).id, Poll.is_standing.is_(True)))
    assert found is not None
    return found


def add_voters(cast: Cast, count: int, *, sessions: str = "") -> list[str]:
    """More participants, accepted; their names for `cast.person`."""
    rows = "".join(f"Voter {n},v{n}@example.org,,Industry,participant,{sessions}\n" for n in range(count))
    codes = {code: cast.forum_session(code).id for code in ("1A", "1B")}
    invite_people(cast.viewer("ada"), parse_invitations("name,email,affiliation,stakeholder group,role,sessions\n"
                                                        + rows, codes=codes).people, send_mail=False)
    with transaction():
        for member in members(cast.meeting_id):
            if member.person.email.startswith("v"):
                member.status = MembershipStatus.ACCEPTED
    return [f"v{n}" for n in range(count)]


def changes(round_id: int) -> list[VoteChange]:
    """Every version of every ballot of a round."""
    db.session.rollback()
    return list(db.session.scalars(
        select(VoteChange).where(VoteChange.round_id == round_id)
        .order_by(VoteChange.person_id, VoteChange.revision)))


def counted(poll: Poll) -> Any:
    """The result of a poll's newest round, read afresh."""
    db.session.rollback()
    fresh = db.session.get(Poll, poll.id, populate_existing=True)
    assert fresh is not None
    assert fresh.round is not None
    return queries.result(fresh, fresh.round)
