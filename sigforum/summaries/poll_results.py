"""From a poll and its one tally to the lines of a summary, whatever the poll's kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from sigforum.ballots import queries
from sigforum.ballots.domain import Headcount, Result, ResultLine
from sigforum.ballots.models import Poll, Round
from sigforum.ballots.policy import may_see_result
from sigforum.ballots.registry import kind_named
from sigforum.consensus.percentiles import number_text
from sigforum.consensus.proportions import Proportion, percent_text
from sigforum.consensus.rulebook import rule_named
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Verdict, describe_fragility
from sigforum.people.domain import Audience
from sigforum.summaries.document import (
    Figure,
    PollLine,
    PollSummary,
    Priorities,
    PriorityItem,
    RoundSummary,
    ScaleSummary,
    Share,
    Step,
    Turnout,
    VerdictSummary,
)

# A summary is one for all members, so it holds what everybody may see; what only the chair sees is not in it.
AUDIENCE = Audience.SPEAKER


def poll_summaries(forum_session_id: int) -> tuple[list[PollSummary], Priorities | None]:
    """The polls that were opened, and the standing poll of priorities."""
    opened = [(poll, poll.round) for poll in queries.polls(forum_session_id, audience=AUDIENCE)]
    priorities = None
    summaries = []
    for poll, newest in opened:
        if newest is None:
            continue
        if poll.is_standing:
            priorities = _priorities(poll, newest)
        else:
            summaries.append(_poll(poll, newest))
    return summaries, priorities


def poll_lines(result: Result) -> tuple[PollLine, ...]:
    """The lines of any kind's result: its own columns in order, and what is known to be a share or a median."""
    return tuple(_line(line, result) for line in result.lines)


def _poll(poll: Poll, newest: Round) -> PollSummary:
    result, turnout = _counted(poll, newest)
    kind = kind_named(poll.kind)
    return PollSummary(
        key=f"p{poll.id}", title=poll.title, kind=kind.name, kind_label=kind.label, state=poll.state,
        visibility=poll.visibility, secrecy=poll.secrecy, is_revealed=result is not None,
        rule=_rule_text(poll), scale=_scale_summary(poll.settings),
        statements=tuple(option.text for option in poll.options),
        rounds=tuple(RoundSummary(number=one.number, opened_at=one.opened_at, closed_at=one.closed_at,
                                  revealed_at=one.revealed_at) for one in poll.rounds),
        turnout=turnout, text=result.text if result else "", lines=poll_lines(result) if result else (),
        frozen_sha256=poll.frozen_hash)


def _priorities(poll: Poll, newest: Round) -> Priorities:
    result, turnout = _counted(poll, newest)
    lines: Iterable[ResultLine] = result.lines if result else ()
    return Priorities(
        key=f"p{poll.id}", state=poll.state, is_revealed=result is not None,
        budget=poll.settings["budget"], per_item=poll.settings["per_item"], turnout=turnout,
        text=result.text if result else "", frozen_sha256=poll.frozen_hash,
        items=tuple(PriorityItem(
            rank=line.figures["rank"], key=line.key, text=line.text, points=line.figures["points"],
            voters=line.figures["voters"], largest_single=line.figures["largest_single"])
            for line in lines))


def _counted(poll: Poll, newest: Round) -> tuple[Result | None, Turnout]:
    """The tally of the newest round where the room may see it, and who took part, which everybody may."""
    if may_see_result(AUDIENCE, state=poll.state, visibility=poll.visibility):
        result = queries.result(poll, newest)
        return result, _turnout(result.headcount, answered=result.answered, abstained=result.abstained,
                                outside=result.outside)
    return None, _turnout(queries.headcount(poll, newest), answered=queries.voted(newest.id), abstained=None)


def _turnout(headcount: Headcount, *, answered: int, abstained: int | None,
             outside: int | None = None) -> Turnout:
    return Turnout(invited=headcount.invited, entitled=headcount.entitled, recused=headcount.recused,
                   answered=answered, abstained=abstained, outside_expertise=outside)


def _line(line: ResultLine, result: Result) -> PollLine:
    figures = line.figures
    share = _share(figures)
    return PollLine(
        key=line.key, text=line.text, answered=line.answered, share=share, median=figures.get("median"),
        iqr=figures.get("iqr"), outside_expertise=figures.get("outside"), verdict=_verdict(line.verdict),
        figures=tuple(Figure(key=column.key, label=column.label, value=figures.get(column.key),
                             text=_figure_text(column.key, figures.get(column.key), share))
                      for column in result.columns),
        distribution=tuple(Step(step=str(step), count=count) for step, count in line.distribution),
        texts=line.texts)


def _share(figures: Mapping[str, Any]) -> Share | None:
    """The figures `high` of `rated`, or `count` of `of`, are a share in every kind that has them."""
    names = next((pair for pair in (("high", "rated"), ("count", "of"))
                  if {*pair, "interval"} <= figures.keys()), None)
    if names is None:
        return None
    proportion = Proportion(figures[names[0]], figures[names[1]])
    low, high = figures["interval"] or (None, None)
    return Share(count=proportion.count, total=proportion.total, percent=proportion.percent,
                 low_percent=None if low is None else 100 * low,
                 high_percent=None if high is None else 100 * high)


def _figure_text(key: str, value: Any, share: Share | None) -> str:
    if key in ("high", "count") and share is not None:
        percent = f" ({percent_text(share.count, share.total)})" if share.total else ""
        return f"{share.count} of {share.total}{percent}"
    if value is None:
        return "–"
    if isinstance(value, tuple | list):
        low, high = value
        return f"{100 * low:.1f} to {100 * high:.1f} %"
    return number_text(value) if isinstance(value, float) else str(value)


def _verdict(verdict: Verdict | None) -> VerdictSummary | None:
    if verdict is None:
        return None
    return VerdictSummary(word=verdict.word, label=verdict.label, because=verdict.because,
                          is_fragile=verdict.is_fragile, fragility=describe_fragility(verdict))


def _rule_text(poll: Poll) -> str:
    if not poll.rule:
        return ""
    return rule_named(poll.rule["name"]).describe(poll.rule["params"], scale=_scale(poll.settings))


def _scale(settings: Mapping[str, Any]) -> Scale | None:
    return Scale(settings["scale_min"], settings["scale_max"]) if "scale_min" in settings else None


def _scale_summary(settings: Mapping[str, Any]) -> ScaleSummary | None:
    scale = _scale(settings)
    if scale is None:
        return None
    return ScaleSummary(
        minimum=scale.minimum, maximum=scale.maximum, low_label=settings.get("low_label", ""),
        high_label=settings.get("high_label", ""), lower_third_to=scale.lower_third_to,
        upper_third_from=scale.upper_third_from)
