"""A poll as somebody may see it: the one place where pages, pushes and replies get theirs from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template

from sigforum.ballots import queries
from sigforum.ballots.domain import PollState, Result
from sigforum.ballots.models import Poll, Round, Vote
from sigforum.ballots.policy import may_see_result, who_sees_what
from sigforum.ballots.registry import kind_named
from sigforum.consensus.rulebook import rule_named
from sigforum.consensus.scale import Scale
from sigforum.live.gateway import Onlooker
from sigforum.people.domain import Audience


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
    is_chair: bool
    is_voter: bool
    rule_text: str
    privacy: str
    paper: Any
    kind: Any
    # Whether the card is for the voter's own page, and so brings the ballot with it.
    has_ballot: bool = False
    vote: Vote | None = None

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now."""
        return self.poll.state == PollState.OPEN

    @property
    def zones(self) -> tuple[int, int]:
        """The last step of the low and of the middle third of the scale, for the chart's colours."""
        scale = Scale(self.poll.settings["scale_min"], self.poll.settings["scale_max"])
        return scale.lower_third_to, scale.upper_third_from - 1

    def own_points(self, laid: Mapping[str, Any]) -> int:
        """How many of one's own points lie on responses that still stand."""
        return sum(points for key, points in laid.items() if key in self.paper.keys and isinstance(points, int))


def shown_poll(poll: Poll, onlooker: Onlooker, *, with_vote: bool = False) -> ShownPoll:
    """Read a poll for an onlooker; `with_vote` adds their own ballot, which only their own page may hold."""
    asked, kind = poll.round, kind_named(poll.kind)
    is_visible = asked is not None and may_see_result(
        onlooker.audience, state=poll.state, visibility=poll.visibility)
    is_voter = onlooker.audience is Audience.SPEAKER
    vote = None
    if with_vote and asked is not None and onlooker.person_id is not None:
        vote = queries.vote(asked.id, onlooker.person_id)
    result = queries.result(poll, asked) if asked is not None and is_visible else None
    return ShownPoll(
        poll=poll, round=asked, slug=poll.forum_session.meeting.slug, code=poll.forum_session.code,
        # Whoever took all points back has not voted; where the result is shown it says so.
        voted=result.answered if result else queries.voted(asked.id) if asked else 0,
        entitled=queries.headcount(poll, asked).entitled if asked else 0,
        result=result,
        is_chair=onlooker.audience is Audience.CHAIR, is_voter=is_voter,
        rule_text=_rule_text(poll), privacy=who_sees_what(visibility=poll.visibility),
        paper=queries.paper(poll), kind=kind, vote=vote, has_ballot=with_vote)


def poll_html(shown: ShownPoll) -> str:
    """The poll's card."""
    return render_template("ballots/_poll.html", shown=shown)


def result_html(shown: ShownPoll) -> str:
    """The part of the card that moves: turnout, and the result where it may be seen."""
    return render_template("ballots/_result.html", shown=shown)


def _rule_text(poll: Poll) -> str:
    if not poll.rule:
        return ""
    settings = poll.settings
    scale = Scale(settings["scale_min"], settings["scale_max"]) if "scale_min" in settings else None
    return rule_named(poll.rule["name"]).describe(poll.rule["params"], scale=scale)
