"""A poll as somebody may see it: the one place where pages, pushes and replies get theirs from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template

from sigforum.ballots import queries, recused, vote_queries
from sigforum.ballots.domain import Paper, PollState, Result, Secrecy, Terms
from sigforum.ballots.models import Poll, Round, Vote
from sigforum.ballots.policy import Sight, may_name_missing, may_open, who_sees_what
from sigforum.ballots.registry import described_rule, earlier_rule_text, kind_named
from sigforum.ballots.watched import is_stepped
from sigforum.consensus.scale import Scale
from sigforum.disclosures import queries as disclosures
from sigforum.kernel.words import json_words
from sigforum.live.gateway import Onlooker
from sigforum.live.queries import names_people
from sigforum.people.domain import Audience


@dataclass(frozen=True, kw_only=True)
class ShownRound:
    """One round's outcome, as the templates of kinds get it."""

    poll: Poll
    round: Round
    terms: Terms
    paper: Paper
    kind: Any
    result: Result

    @property
    def tag(self) -> str:
        """What makes the ids of this round's elements its own on a page."""
        return f"{self.poll.id}-{self.round.number}"

    @property
    def zones(self) -> tuple[int, int]:
        """The last step of the low and of the middle third of the scale, for the chart's colours."""
        return scale_zones(self.terms.settings)

    @property
    def earlier_text(self) -> str:
        """What differs where the round's rule is of an earlier version."""
        return earlier_rule_text(self.terms.rule)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What stands between a person and the vote in one poll."""

    is_recused: bool = False
    # Whether a ballot of theirs lies in the round all the same, and is not counted.
    has_ballot: bool = False
    # Whether the rules of the session are to be acknowledged first.
    needs_entry: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownPoll:
    """What the templates of polls get. `result` is None unless this onlooker may see it now."""

    poll: Poll
    round: Round | None
    slug: str
    code: str
    voted: int
    entitled: int
    result: Result | None
    # The result of so few ballots is shown to nobody.
    is_withheld: bool
    sight: Sight
    is_chair: bool
    is_voter: bool
    terms: Terms
    rule_text: str
    # What differs where the rule is of an earlier version.
    earlier_text: str
    privacy: str
    paper: Any
    kind: Any
    # Who is entitled and has not voted; for the chair alone, while the round is open.
    missing: tuple[str, ...] = ()
    # Whether the session names people; where it does not, who is missing is told by number.
    names_people: bool = True
    # Whether the result is as of a step that several people have passed, and the turnout is of now.
    is_watched: bool = False
    late: int = 0
    # What the group said in the round before, where voters are shown it.
    feedback: ShownRound | None = None
    # Whether the card is for the voter's own page, and so brings the ballot with it.
    has_ballot: bool = False
    vote: Vote | None = None
    # Whether the viewer has voted in this secret round.
    has_voted: bool = False
    standing: Standing = field(default_factory=Standing)
    # The viewer's own answer in the round before, by option key, in words.
    earlier: Mapping[str, str] | None = None
    earlier_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_open(self) -> bool:
        """Whether the session is one in which a round can be opened."""
        return may_open(self.poll.forum_session.state)

    @property
    def tag(self) -> str:
        """What makes the ids of this poll's elements its own on a page."""
        return str(self.poll.id)

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now."""
        return self.poll.state == PollState.OPEN

    @property
    def is_secret(self) -> bool:
        """Whether ballots name nobody and cannot be changed."""
        return self.terms.secrecy == Secrecy.SECRET

    @property
    def zones(self) -> tuple[int, int]:
        """The last step of the low and of the middle third of the scale, for the chart's colours."""
        return scale_zones(self.terms.settings)

    @property
    def ends_at(self) -> datetime | None:
        """When the timer of the open round runs out."""
        return self.round.ends_at if self.round is not None and self.is_open else None

    def own_points(self, laid: Mapping[str, Any]) -> int:
        """How many of one's own points lie on responses that still stand."""
        return sum(points for key, points in laid.items() if key in self.paper.keys and isinstance(points, int))


def scale_zones(settings: Mapping[str, Any]) -> tuple[int, int]:
    """The last step of the low and of the middle third of a scale."""
    scale = Scale(settings["scale_min"], settings["scale_max"])
    return scale.lower_third_to, scale.upper_third_from - 1


def shown_poll(poll: Poll, onlooker: Onlooker, *, with_vote: bool = False) -> ShownPoll:
    """Read a poll for an onlooker; `with_vote` adds their own ballot, which only their own page may hold."""
    asked = poll.round
    terms = asked.frozen if asked is not None else poll.terms
    kind, seen = kind_named(terms.kind), queries.seen(poll, asked, audience=onlooker.audience)
    paper = queries.paper(poll, asked)
    result = queries.visible_result(poll, asked, audience=onlooker.audience, on=paper) if asked is not None else None
    own = _own(poll, asked, onlooker.person_id) if with_vote and asked and onlooker.person_id else {}
    room = result.headcount if result else vote_queries.headcount(poll, asked) if asked else None
    # Whoever took all points back has not voted; where the result is shown it says so.
    is_watched = asked is not None and is_stepped(asked)
    voted = result.answered if result and not is_watched else vote_queries.voted(asked) if asked else 0
    return ShownPoll(
        poll=poll, round=asked, slug=poll.forum_session.meeting.slug, code=poll.forum_session.code,
        voted=voted, entitled=room.entitled if room else 0, result=result,
        is_withheld=seen.result and asked is not None and queries.is_kept_back(asked), sight=seen,
        is_chair=onlooker.audience is Audience.CHAIR, is_voter=onlooker.audience is Audience.SPEAKER,
        terms=terms, rule_text=rule_text(terms), earlier_text=earlier_rule_text(terms.rule), paper=paper, kind=kind,
        privacy=who_sees_what(secrecy=terms.secrecy, visibility=terms.visibility,
                              attribution=poll.forum_session.attribution),
        **_missing(poll, asked, seen), is_watched=is_watched,
        late=vote_queries.late(asked) if asked and poll.state != PollState.OPEN else 0,
        feedback=_feedback(poll, asked) if with_vote else None, has_ballot=with_vote, **own)


def shown_round(poll: Poll, asked: Round, *, audience: Audience) -> ShownRound | None:
    """One round with its result; None where this audience may not see it."""
    result = queries.visible_result(poll, asked, audience=audience)
    if result is None:
        return None
    terms = asked.frozen
    return ShownRound(poll=poll, round=asked, terms=terms, paper=queries.paper(poll, asked),
                      kind=kind_named(terms.kind), result=result)


def poll_html(shown: ShownPoll) -> str:
    """The poll's card."""
    return render_template("ballots/_poll.html", shown=shown)


def result_html(shown: ShownPoll) -> str:
    """The part of the card that moves: turnout, and the result where it may be seen."""
    return render_template("ballots/_result.html", shown=shown)


def standing_html(poll: Poll, standing: Standing) -> str:
    """The line above a person's own ballot; an empty element where nothing stands in the way."""
    return render_template("ballots/_standing.html", poll=poll, standing=standing,
                           slug=poll.forum_session.meeting.slug, code=poll.forum_session.code)


def own_standing(poll: Poll, asked: Round, person_id: int) -> Standing:
    """What stands between a person and the vote in a poll."""
    forum_session = poll.forum_session
    return Standing(
        is_recused=person_id in recused.recused_now(asked),
        has_ballot=vote_queries.vote(asked.id, person_id) is not None,
        needs_entry=disclosures.is_entry_asked(forum_session.meeting_id)
        and disclosures.acknowledgement(forum_session.id, person_id=person_id) is None)


def rule_text(terms: Terms) -> str:
    """The rule in words, or nothing."""
    if not terms.rule:
        return ""
    return described_rule(terms.rule, scale=_scale_of(terms.settings))


def changed_text(poll: Poll, field: str, value: Any) -> str:
    """What was frozen and changed between two rounds, as a reader of the ballot would have it before and after."""
    if field == "rule":
        return described_rule(value, scale=_scale_of(poll.settings)) if value else "no rule"
    if field == "settings":
        scale = _scale_of(value)
        ends = (f"{scale.minimum} ({value.get('low_label', '')}) to {scale.maximum} ({value.get('high_label', '')})"
                if scale else "")
        return ", ".join(filter(None, [ends, kind_named(poll.kind).settings_text(value)])) or "nothing was set"
    if field == "visibility":
        return {"live": "while people vote", "after_reveal": "once it is revealed"}[value]
    return json_words(value, field)


def _scale_of(settings: Mapping[str, Any]) -> Scale | None:
    return Scale(settings["scale_min"], settings["scale_max"]) if "scale_min" in settings else None


def _missing(poll: Poll, asked: Round | None, seen: Sight) -> dict[str, Any]:
    if asked is None or not seen.missing:
        return {}
    is_named = names_people(poll.forum_session_id)
    is_told = may_name_missing(secrecy=asked.frozen.secrecy, voted=vote_queries.voted(asked), names_people=is_named)
    return {"missing": vote_queries.missing_names(poll, asked) if is_told else (), "names_people": is_named}


def _feedback(poll: Poll, asked: Round | None) -> ShownRound | None:
    """The round before, while voters of an open one are to see what the group said."""
    if asked is None or poll.state != PollState.OPEN or not asked.had_feedback or len(poll.rounds) < 2:
        return None
    # What was revealed to all is shown as it was, whoever looks.
    return shown_round(poll, poll.rounds[-2], audience=Audience.WATCHER)


def _own(poll: Poll, asked: Round, person_id: int) -> dict[str, Any]:
    own: dict[str, Any] = {"vote": vote_queries.vote(asked.id, person_id)}
    if poll.state == PollState.OPEN:
        own["standing"] = own_standing(poll, asked, person_id)
    if asked.frozen.secrecy == Secrecy.SECRET:
        own["has_voted"] = vote_queries.has_voted(asked, person_id)
    before = poll.rounds[-2] if len(poll.rounds) > 1 else None
    vote = vote_queries.vote(before.id, person_id) if before is not None else None
    if before is not None and vote is not None:
        paper = queries.paper(poll, before)
        own["earlier"] = kind_named(before.frozen.kind).describe(vote.answer, paper)
        own["earlier_texts"] = {option.key: option.text for option in paper.options}
    return own
