"""A real meeting in which every kind, every rule and every secrecy was voted on, and its bundle."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sigforum.agenda.models import Meeting
from sigforum.ballots import actions, deviating, queries
from sigforum.ballots.forms import parse_poll
from sigforum.ballots.models import Poll
from sigforum.exports.bundle import write_bundle
from sigforum.extensions import db
from sigforum.summaries import assemble
from sigforum.summaries.document.summary import SummaryDocument
from sigforum.summaries.registry import SummaryFormat, format_named
from sigforum.threads.actions import post_response
from sigforum.threads.forms import NewResponse
from tests.ballots.polling import add_voters, make_poll, move, priorities, vote
from tests.casting import Cast

STATEMENTS = "Closed systems come first.\nHospitals keep 2 suites of 3.\nRelease at 70 % is enough."
# Every kind but the priorities, with settings that are not the defaults where there are any.
POLLS: Mapping[str, dict[str, str]] = {
    "single": {}, "multiple": {"max_chosen": "2"}, "approval": {}, "agree": {},
    "motion": {"rule": "two_thirds", "yes_label": "Aye"}, "text": {}, "ranking": {}, "numeric": {"unit": "EUR"},
    "matrix": {"criteria": "Cost\nSafety in 10 years", "weights": "2 1"},
    "rating": {"rule": "percent_agreement", "percent_agreement-who_counts": "entitled"}}
RULES: Mapping[str, dict[str, str]] = {
    "seventy_fifteen": {"seventy_fifteen-variant": "out50_each_group"},
    "rand_ucla": {"rand_ucla-disagreement": "ipras", "rand_ucla-needed": "agreement"},
    "median_iqr": {"median_iqr-maximum_iqr": "2.5", "median_iqr-convention": "nearest-rank"}}


def answer(kind: str, keys: list[str], dice: random.Random) -> dict[str, Any]:
    """Some ballot of a kind; about one of eight says nothing about the options."""
    if dice.random() < 0.12:
        return {"abstain": True} if kind in ("rating", "matrix", "motion", "numeric", "text", "agree") else {
            "outside": True}
    one_of: Callable[..., Any] = dice.choice
    made: Mapping[str, Callable[[], dict[str, Any]]] = {
        "single": lambda: {"choice": one_of(keys)},
        "multiple": lambda: {"chosen": dice.sample(keys, one_of((1, 2)))},
        "approval": lambda: {"approved": dice.sample(keys, one_of((0, 1, 2)))},
        "agree": lambda: {"votes": {key: one_of(("agree", "agree", "disagree", "pass", "x")) for key in keys}},
        "motion": lambda: {"votes": {keys[0]: one_of(("yes", "yes", "yes", "no")), **{
            key: one_of(("yes", "no", "abstain")) for key in keys[1:]}}},
        "text": lambda: {"texts": {keys[0]: one_of(("Two suites.", "three", "Ärzte fehlen"))}, "outside": keys[1:2]},
        "ranking": lambda: {"ranks": {key: dice.randint(1, 3) for key in dice.sample(keys, one_of((2, 3)))}},
        "numeric": lambda: {"estimates": {key: dice.randint(0, 4000) / 100 for key in keys[1:]}, "outside": keys[:1]},
        "matrix": lambda: {"ratings": {key: {"c1": dice.randint(1, 5), "c2": one_of((1, 5, "x"))} for key in keys}},
        "rating": lambda: {"ratings": {key: one_of((1, 2, 7, 8, 9, 9, 9, "x")) for key in keys}}}
    return made[kind]()


@dataclass(frozen=True)
class Held:
    """What is left of a meeting: its bundle, and the numbers of the polls in it by name."""

    bundle: bytes
    polls: Mapping[str, int]


@dataclass
class Voted:
    """The meeting, and the polls in it by name."""

    cast: Cast
    voters: list[str]
    polls: dict[str, Poll] = field(default_factory=dict)

    def ask(self, name: str, kind: str, *, moves: tuple[str, ...] = ("close", "reveal"), voters: int = 12,
            **fields: str) -> Poll:
        """Make a poll, open it, vote at random and move it on."""
        poll = make_poll(self.cast, upto="open", **{
            "kind": kind, "title": name, "statements": STATEMENTS, "rule": "", **fields})
        self.polls[name] = poll
        self.vote(poll, kind, voters=voters)
        for verb in moves:
            move(self.cast, poll, verb)
        return poll

    def vote(self, poll: Poll, kind: str, *, voters: int = 12) -> None:
        """Everybody votes in the newest round, each ballot drawn from the poll's name."""
        dice = random.Random(f"{poll.title}-{len(poll.rounds)}")
        keys = list(queries.paper(poll, poll.round).keys)
        for name in self.voters[:voters]:
            vote(self.cast, name, poll, answer(kind, keys, dice))

    def bundle(self, meeting: Meeting | None = None) -> bytes:
        """The meeting's ZIP. What the other formats hold is not asked here, only that their hashes are right."""
        db.session.rollback()
        meeting = meeting or self.cast.forum_session().meeting
        return write_bundle(assemble.meeting_summary(meeting), software="sigforum test",
                            sheets=assemble.meeting_sheets(meeting), write=_quickly)


def _quickly(one: SummaryFormat, document: SummaryDocument) -> bytes:
    return (one if one.name in ("json", "csv") else format_named("markdown")).write(document)


def hold_meeting(cast: Cast) -> Voted:
    """Everything that a bundle can hold: see the names of the polls."""
    voted = Voted(cast, ["ben", "cyn", *add_voters(cast, 10)])
    for kind, fields in POLLS.items():
        voted.ask(f"kind {kind}", kind, **fields)
    for rule, fields in RULES.items():
        voted.ask(f"rule {rule}", "rating", rule=rule, **fields)
    rating = {"kind": "rating", "rule": "percent_agreement"}
    voted.ask("open ballot", **rating, secrecy="open")
    voted.ask("secret ballot", **rating, secrecy="secret")
    voted.ask("too secret", **rating, secrecy="secret", voters=2)
    voted.ask("kept back", **rating, moves=("close",))
    voted.ask("still open", **rating, moves=(), visibility="live")
    voted.ask("decided", **rating, moves=("close", "reveal", "decide"))
    _second_round(voted, voted.ask("two rounds", **rating))
    _lay_points(voted)
    return voted


def _second_round(voted: Voted, poll: Poll) -> None:
    """Another round under another rule and with another statement, on the record."""
    deviating.deviate(voted.cast.viewer("finn"), poll.id, parse_poll({
        "kind": "rating", "title": "two rounds", "rule": "median_iqr",
        "statements": STATEMENTS.replace("70 %", "75 %")}), reason="The wording was not clear.")
    move(voted.cast, poll, "open")
    voted.vote(poll, "rating")
    for verb in ("close", "reveal"):
        move(voted.cast, poll, verb)


def _lay_points(voted: Voted) -> None:
    """Open priorities in 1A, revealed ones in 1B."""
    for code in ("1A", "1B"):
        poll = priorities(voted.cast, code)
        keys = [_say(voted.cast, name, code, f"{name} wants {count} suites")
                for count, name in enumerate(voted.voters[:3], start=2)]
        for place, name in enumerate(voted.voters[:7]):
            vote(voted.cast, name, poll, {keys[place % 3]: 3, keys[(place + 1) % 3]: 1 + place % 2})
    actions.move_poll(voted.cast.viewer("gus"), poll.id, verb="close")
    actions.move_poll(voted.cast.viewer("gus"), poll.id, verb="reveal")
    voted.polls["priorities"] = poll


def _say(cast: Cast, name: str, code: str, text: str) -> str:
    """Post a response to the central question; its key on the ballot."""
    posted = post_response(cast.viewer(name), NewResponse(
        question_id=cast.forum_session(code).asked[0].id, parent_id=None, key=f"key-{code}-{name}", text=text))
    return f"r{posted.id}"
