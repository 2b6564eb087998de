"""The sample meeting: a real agenda with an invented cast, whose two days of discussion are replayed."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from sigforum.agenda import actions as agenda_actions
from sigforum.agenda import queries as agenda
from sigforum.agenda.importing.reading import read_agenda
from sigforum.agenda.models import Meeting
from sigforum.ballots import actions as ballots_actions
from sigforum.ballots import queries as ballots
from sigforum.ballots.box import Cast
from sigforum.ballots.domain import ABSTAIN
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll, Vote, VoteChange
from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.operations.sample_summaries import write_summaries
from sigforum.people import actions as people_actions
from sigforum.people import queries as people
from sigforum.people.domain import Role, Viewer
from sigforum.people.forms import decode_upload, parse_invitations
from sigforum.threads import actions as threads_actions
from sigforum.threads.domain import SHOWN, Attribution
from sigforum.threads.forms import parse_reason, parse_response
from sigforum.threads.models import Response
from sigforum.transaction import transaction

SAMPLES = Path(__file__).parent.parent / "samples"
ORGANIZER = "ada@sigforum.example"
# They have an invitation and have not signed in yet, as some people never do.
STILL_INVITED = frozenset({"dmitri@opaline.example", "gabriel@almadia.example", "kenji@harbourline.example"})

DISCUSSION_LASTS = timedelta(days=2)
MEETING_MADE_BEFORE = timedelta(days=28)
INVITED_BEFORE = timedelta(days=21)
ACCEPTING_TAKES = timedelta(hours=9)
# Priorities are laid when a session's discussion has calmed down, and by one person after the other.
PRIORITIES_AFTER = timedelta(minutes=220)
PRIORITIES_APART = timedelta(minutes=7)
RATINGS_APART = timedelta(minutes=3)
BETWEEN_MOVES = timedelta(minutes=12)
# The verbs that bring an open poll to the state it has in the sample.
MOVES_AFTER_VOTING = {
    "draft": (), "open": (), "closed": ("close",), "revealed": ("close", "reveal"),
    "decided": ("close", "reveal", "decide"),
}


@dataclass(frozen=True)
class Step:
    """Something that somebody did in the sample, at a moment."""

    at: datetime
    do: Callable[[datetime], None]


@dataclass(frozen=True)
class Asked:
    """An open round, by the numbers that a vote needs."""

    poll_id: int
    round_id: int
    round_number: int


@dataclass(frozen=True)
class Ballot:
    """A vote to be cast, and the moment it shall bear."""

    at: datetime
    viewer: Viewer
    cast: Cast
    round_id: int


@dataclass
class Replay:
    """What the steps need to know of each other: who acts, and under which ids things were stored."""

    meeting_id: int
    starts_at: datetime
    viewers: Mapping[str, Viewer]
    discussion: Mapping[str, Mapping[str, Any]]
    forum_session_ids: dict[str, int] = field(default_factory=dict)
    # By session code and number; 0 is the central question.
    question_ids: dict[tuple[str, int], int] = field(default_factory=dict)
    # By session code and the name that the sample gives a response.
    response_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    priorities: dict[str, Asked] = field(default_factory=dict)
    # Moments are set at the end, all at once: one by one they would double what is sent to the database.
    posted: list[tuple[Response, datetime]] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    # Polls to bring on after the voting: who does it, from when, and the verbs.
    pending_moves: list[tuple[Viewer, int, datetime, tuple[str, ...]]] = field(default_factory=list)

    def moment(self, code: str, minutes: int) -> datetime:
        """A moment so many minutes after a session's discussion opened."""
        return self.starts_at + timedelta(minutes=self.discussion[code]["opens"] + minutes)


def load_sample() -> Meeting:
    """Make the sample meeting through the same actions that people use, or give back the one that exists.

    All but the voting is one transaction. Votes are committed one by one, as they always are.
    """
    existing: Meeting | None = db.session.scalar(
        select(Meeting).where(Meeting.is_sample.is_(True)).order_by(Meeting.id))
    if existing is not None:
        return existing
    with transaction():
        replay = _prepare(now() - DISCUSSION_LASTS)
        # Replayed in the order of time, so that what was said later has the higher id.
        for step in sorted(_steps(replay), key=lambda step: step.at):
            step.do(step.at)
        _date_responses(replay)
    for ballot in sorted(replay.ballots, key=lambda ballot: ballot.at):
        ballots_actions.cast_vote(ballot.viewer, ballot.cast)
    with transaction():
        _date_votes(replay)
        for viewer, poll_id, at, verbs in replay.pending_moves:
            _move_on(viewer, poll_id, at=at, verbs=verbs)
    write_summaries(replay.meeting_id, replay.viewers, replay.response_ids, replay.forum_session_ids)
    meeting: Meeting = db.session.get_one(Meeting, replay.meeting_id)
    return meeting


def read_discussion() -> dict[str, Any]:
    """The sample's discussion by session code."""
    # The parser in C reads it in a tenth of the time; it is missing where PyYAML was built without libyaml.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load((SAMPLES / "discussion.yaml").read_text("utf-8"), Loader=loader)
    return content


def _prepare(starts_at: datetime) -> Replay:
    """The meeting with its agenda and its people, before anybody said a word."""
    person = people_actions.make_host(ORGANIZER, name="Ada Okonkwo")
    plan = read_agenda((SAMPLES / "car-t-agenda.txt").read_bytes(), filename="car-t-agenda.txt")
    meeting = agenda_actions.create_meeting(plan, person=person, is_sample=True)
    meeting.created_at = starts_at - MEETING_MADE_BEFORE
    forum_sessions = agenda.forum_sessions(meeting.id)
    codes = {forum_session.code: forum_session.id for forum_session in forum_sessions}
    replay = Replay(meeting.id, starts_at, _invite(meeting.id, codes, starts_at), read_discussion(), codes)
    for forum_session in forum_sessions:
        for number, question in enumerate(forum_session.asked):
            replay.question_ids[forum_session.code, number] = question.id
            question.wording.created_at = meeting.created_at
        poll = _priorities(forum_session.id)
        poll.created_at = poll.rounds[-1].opened_at = meeting.created_at
        replay.priorities[forum_session.code] = _asked(poll)
    return replay


def _invite(meeting_id: int, codes: Mapping[str, int], starts_at: datetime) -> dict[str, Viewer]:
    """Invite the cast from its list, let most accept, and give back who they are by address."""
    text = decode_upload((SAMPLES / "people.csv").read_bytes())
    invited = parse_invitations(text, codes=codes).people
    organizer = people.organizers(meeting_id)[0].viewer()
    memberships = people_actions.invite_people(organizer, invited, send_mail=False)
    for number, (row, membership) in enumerate(zip(invited, memberships, strict=True)):
        # The organizer was there before the list was read.
        membership.person.affiliation = row.affiliation or ""
        membership.invited_at = starts_at - INVITED_BEFORE
        if row.email not in STILL_INVITED:
            people_actions.add_member(
                meeting_id, person=membership.person, role=Role(membership.role), accepted=True)
            membership.accepted_at = membership.invited_at + ACCEPTING_TAKES * (number + 1)
    return {membership.person.email: membership.viewer() for membership in memberships}


def _steps(replay: Replay) -> Iterator[Step]:
    """Everything that happens in the sample, in the order of the file."""
    for code, forum_session in replay.discussion.items():
        for said in forum_session["responses"]:
            yield from _response_steps(replay, code, said)
        calm_at = replay.moment(code, 0) + PRIORITIES_AFTER
        for number, (email, points) in enumerate(forum_session.get("points", {}).items()):
            yield _priority_step(replay, code, email, points, at=calm_at + number * PRIORITIES_APART)
        for poll in forum_session.get("polls", ()):
            yield _poll_step(replay, code, poll)


def _response_steps(replay: Replay, code: str, said: Mapping[str, Any]) -> Iterator[Step]:
    """A response, what became of it, and the replies to it."""
    name, author = (code, said["id"]), replay.viewers[said["by"]]

    def post(at: datetime) -> None:
        replay.response_ids[name] = _post(replay, code, said, question=said["question"], at=at)

    def edit(at: datetime) -> None:
        response = threads_actions.edit_response(
            author, replay.response_ids[name], text=said["edited"]["text"].strip(), revision=1)
        db.session.refresh(response, ["revisions"])
        response.edited_at = response.revisions[-1].written_at = at

    def withdraw(at: datetime) -> None:
        threads_actions.withdraw_response(author, replay.response_ids[name]).withdrawn_at = at

    def hide(at: datetime) -> None:
        chair, reason = replay.viewers[said["hidden"]["chair"]], parse_reason(said["hidden"]["reason"])
        threads_actions.hide_response(chair, replay.response_ids[name], reason=reason).hidden_at = at

    yield Step(replay.moment(code, said["at"]), post)
    for reply in said.get("replies", ()):
        yield _reply_step(replay, code, reply, below=name, question=said["question"])
    if "edited" in said:
        yield Step(replay.moment(code, said["edited"]["at"]), edit)
    if "withdrawn" in said:
        yield Step(replay.moment(code, said["withdrawn"]), withdraw)
    if "hidden" in said:
        yield Step(replay.moment(code, said["hidden"]["at"]), hide)


def _reply_step(replay: Replay, code: str, reply: Mapping[str, Any], *, below: tuple[str, str],
                question: int) -> Step:
    def post(at: datetime) -> None:
        _post(replay, code, reply, question=question, at=at, parent_id=replay.response_ids[below])

    return Step(replay.moment(code, reply["at"]), post)


def _post(replay: Replay, code: str, said: Mapping[str, Any], *, question: int, at: datetime,
          parent_id: int | None = None) -> int:
    new = parse_response({
        "question_id": str(replay.question_ids[code, question]), "parent_id": str(parent_id or ""),
        "key": _key(code, said["by"], said["text"]), "text": said["text"],
        # The sessions of the sample name who speaks, and people read so beside the field in which they write.
        SHOWN: Attribution.NAMED})
    response = threads_actions.post_response(replay.viewers[said["by"]], new)
    replay.posted.append((response, at))
    replay.newest[code] = response.id
    return response.id


def _priority_step(replay: Replay, code: str, email: str, points: Mapping[str, int], *, at: datetime) -> Step:
    """Somebody reads what was said in a session and lays points on some of it."""
    def read_and_lay(at: datetime) -> None:
        viewer = replay.viewers[email]
        threads_actions.mark_read(viewer, replay.forum_session_ids[code], response_id=replay.newest[code])
        raw = {f"r{replay.response_ids[code, name]}": count for name, count in points.items()}
        replay.ballots.append(_ballot(replay.priorities[code], viewer, raw, at=at))

    return Step(at, read_and_lay)


def _poll_step(replay: Replay, code: str, sample: Mapping[str, Any]) -> Step:
    """A facilitator writes a poll and, unless it stays a draft, opens it; people rate one after the other."""
    def run(at: datetime) -> None:
        chair = replay.viewers[sample["chair"]]
        poll = ballots_actions.create_poll(chair, replay.forum_session_ids[code], parse_poll(_form(sample)))
        poll.created_at = at
        if sample["state"] == "draft":
            return
        ballots_actions.move_poll(chair, poll.id, verb="open")
        poll.rounds[-1].opened_at = at
        keys = ballots.paper(poll, poll.round).keys
        for email, ratings in sample["ballots"].items():
            at += RATINGS_APART
            raw = dict(ABSTAIN) if ratings == "abstain" else {
                "ratings": dict(zip(keys, ratings, strict=True))}
            replay.ballots.append(_ballot(_asked(poll), replay.viewers[email], raw, at=at))
        replay.pending_moves.append((chair, poll.id, at, MOVES_AFTER_VOTING[sample["state"]]))

    return Step(replay.moment(code, sample["at"]), run)


def _form(sample: Mapping[str, Any]) -> dict[str, str]:
    """A sample poll as the form that a facilitator would fill."""
    rule = sample["rule"]
    return {"kind": "rating", "title": sample["title"], "statements": "\n".join(sample["statements"]),
            "rule": rule} | {f"{rule}-{name}": str(value) for name, value in sample["parameters"].items()}


def _ballot(asked: Asked, viewer: Viewer, raw: Mapping[str, Any], *, at: datetime) -> Ballot:
    cast = Cast(poll_id=asked.poll_id, round_number=asked.round_number, raw=raw,
                key=_key("vote", str(asked.round_id), str(viewer.person_id)))
    return Ballot(at, viewer, cast, asked.round_id)


def _asked(poll: Poll) -> Asked:
    newest = poll.rounds[-1]
    return Asked(poll.id, newest.id, newest.number)


def _priorities(forum_session_id: int) -> Poll:
    """The standing poll of a session; its round is open from the start."""
    return db.session.scalars(select(Poll).where(
        Poll.forum_session_id == forum_session_id, Poll.is_standing.is_(True))).one()


def _date_responses(replay: Replay) -> None:
    """Give the responses the moments they have in the sample."""
    for response, at in replay.posted:
        response.posted_at = response.revisions[0].written_at = at
    # Every commit goes through all rows that something still holds; the votes' commits shall find few.
    replay.posted.clear()


def _date_votes(replay: Replay) -> None:
    """Give the votes the moments they have in the sample."""
    moments = {(ballot.round_id, ballot.viewer.person_id): ballot.at for ballot in replay.ballots}
    round_ids = {ballot.round_id for ballot in replay.ballots}
    for vote in db.session.scalars(select(Vote).where(Vote.round_id.in_(round_ids))):
        vote.cast_at = moments[vote.round_id, vote.person_id]
    for change in db.session.scalars(select(VoteChange).where(VoteChange.round_id.in_(round_ids))):
        change.cast_at = moments[change.round_id, change.person_id]


def _move_on(viewer: Viewer, poll_id: int, *, at: datetime, verbs: tuple[str, ...]) -> None:
    for verb in verbs:
        at += BETWEEN_MOVES
        asked = ballots_actions.move_poll(viewer, poll_id, verb=verb).rounds[-1]
        if verb == "close":
            asked.closed_at = at
        elif verb == "reveal":
            asked.revealed_at = at


def _key(*parts: str) -> str:
    """A client's key that is the same at every load."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
