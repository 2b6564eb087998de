"""Changing between two rounds what was frozen: never an edit, always a recorded deviation with a reason."""

from collections.abc import Mapping
from typing import Any

from sigforum.ballots import queries
from sigforum.ballots.domain import PollState
from sigforum.ballots.forms import NewPoll
from sigforum.ballots.models import Deviation, Option, Poll
from sigforum.ballots.policy import check_runs_polls, check_secrecy, check_seen
from sigforum.ballots.registry import kind_named
from sigforum.ballots.rounds import differences, note
from sigforum.consensus.rule import parse_params
from sigforum.consensus.rulebook import rule_named
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid
from sigforum.kernel.text import paragraphs
from sigforum.people.domain import Viewer
from sigforum.transaction import transaction

LONGEST_REASON = 1000
WORDS = {"title": "the title", "settings": "the scale or settings", "rule": "the rule",
         "visibility": "when the result is shown", "options": "what is asked"}


def deviate(viewer: Viewer, poll_id: int, new: NewPoll, *, reason: str, seen: str = "") -> Poll:
    """Change a poll for its next round. Rounds that were held stay as they were asked and are counted so.

    Options left out are not asked again; new ones are marked as new. Raises Invalid without a reason or without a
    change, Conflict while a round is open, after the decision, or for what never changes: kind and secrecy, and
    Outdated where the poll is not any more as it was `seen`, which is the mark of its terms.
    """
    reason = paragraphs(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Say why, in at most {LONGEST_REASON} characters: the report prints it."})
    with transaction() as tx:
        poll = queries.poll(viewer.meeting_id, poll_id)
        check_runs_polls(viewer, poll.forum_session_id)
        db.session.refresh(poll, with_for_update=True)
        _check(poll, new)
        check_seen(poll.terms, seen)
        before = _changeable(poll)
        poll.title, poll.settings = new.title, _settings_as_stored(poll, new.settings)
        poll.rule = _as_stored(poll.rule, new.rule)
        poll.visibility = new.visibility
        _ask(poll, new.statements)
        after = _changeable(poll)
        changed = [name for name in before if before[name] != after[name]]
        if not changed:
            raise Invalid({"reason": "Nothing was changed."})
        poll.deviations += [Deviation(
            from_round=len(poll.rounds) + 1, field=name, before=before[name], after=after[name], reason=reason,
            made_by_id=viewer.person_id) for name in changed]
        note(tx, viewer, poll, "deviated", fields=changed, reason=reason, **differences(before, after))
    return poll


def _settings_as_stored(poll: Poll, new: Mapping[str, Any]) -> dict[str, Any]:
    """The new settings, or those that stand where they differ only by marks that the kind sets by itself today."""
    before: dict[str, Any] = poll.settings
    by_itself = kind_named(poll.kind).parse_settings({})
    is_same = all(new.get(name) == value for name, value in before.items()) and all(
        name in by_itself and new[name] == by_itself[name] for name in new.keys() - before.keys())
    return dict(before if is_same else new)


def _as_stored(before: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The new rule, worded and counted as the rounds before it were unless it is another one: what nobody changed is no
    deviation."""
    if not new:
        return None
    if before and before["name"] == new["name"] and parse_params(rule_named(new["name"]), before["params"]) == dict(
            new["params"]):
        return dict(before)
    return dict(new)


def _check(poll: Poll, new: NewPoll) -> None:
    if poll.state not in (PollState.CLOSED, PollState.REVEALED):
        raise Conflict("Only between two rounds can a poll be changed: close the round first. A draft is simply "
                       "edited, and a decided poll stays as it is.")
    if poll.is_standing:
        raise Conflict("The session's priorities are the same for everyone; they cannot be changed.")
    if new.kind != poll.kind or new.secrecy != poll.secrecy:
        raise Conflict("Kind and secrecy never change after the first opening. Write a new poll instead.")
    check_secrecy(secrecy=new.secrecy, visibility=new.visibility, attribution=poll.forum_session.attribution)


def _changeable(poll: Poll) -> Mapping[str, Any]:
    terms = poll.terms.to_json()
    return {"title": terms["title"], "settings": dict(terms["settings"]), "rule": terms["rule"],
            "visibility": str(terms["visibility"]), "options": [option["text"] for option in terms["options"]]}


def _ask(poll: Poll, statements: tuple[str, ...]) -> None:
    """Keep the options whose words stay, leave out the others from the next round on, add what is new."""
    held = len(poll.rounds)
    asked_now = {option.text: option for option in poll.options if option.until_round is None}
    # Added between the same two rounds and taken back again: nobody ever saw it.
    unseen = [option for text, option in asked_now.items() if text not in statements and option.since_round > held]
    for option in unseen:
        poll.options.remove(option)
    # Gone from the table too, before another takes its place.
    db.session.flush()
    for text, option in asked_now.items():
        if text not in statements and option not in unseen:
            option.until_round = held
    place = max((option.position for option in poll.options), default=-1) + 1
    for text in statements:
        if text not in asked_now:
            poll.options.append(Option(position=place, text=text, since_round=held + 1))
            place += 1
    db.session.flush()
