"""From a poll and its one tally to the lines of a summary, whatever the poll's kind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sigforum.ballots import queries, record, vote_queries
from sigforum.ballots.deviating import WORDS
from sigforum.ballots.domain import WHOLE_FIGURES, Headcount, Result, ResultLine, whole_text
from sigforum.ballots.models import Deviation, Poll, Round
from sigforum.ballots.record import interim_files, sheet_file, sheet_name
from sigforum.ballots.registry import earlier_rule_text, kind_named
from sigforum.ballots.showing import changed_text, rule_text
from sigforum.ballots.undeclared import WithoutDeclared, without_declared
from sigforum.consensus.percentiles import number_text
from sigforum.consensus.proportions import Proportion, describe_share
from sigforum.consensus.scale import Scale
from sigforum.consensus.verdicts import Verdict, describe_fragility
from sigforum.people.domain import Audience
from sigforum.summaries.document.polls import (
    DeviationSummary,
    Figure,
    MovementSummary,
    PollLine,
    PollSummary,
    Priorities,
    PriorityItem,
    RoundLine,
    RoundSummary,
    ScaleSummary,
    Share,
    Step,
    Turnout,
    VerdictSummary,
)
from sigforum.summaries.poll_groups import poll_groups

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


def earlier_rules(forum_session_id: int) -> dict[str, str]:
    """By the hash of a round's terms, what its page says where the rule was of an earlier version."""
    found = {asked.terms_hash: earlier_rule_text(asked.frozen.rule)
             for poll in queries.polls(forum_session_id, audience=AUDIENCE) for asked in poll.rounds}
    return {terms: text for terms, text in found.items() if text}


def poll_lines(result: Result) -> tuple[PollLine, ...]:
    """The lines of any kind's result: its own columns in order, and what is known to be a share or a median."""
    return tuple(_line(line, result) for line in result.lines)


def _poll(poll: Poll, newest: Round) -> PollSummary:
    result, turnout = _counted(poll, newest)
    # What was asked in the newest round; a change made since then holds for the next one.
    terms = newest.frozen
    kind = kind_named(terms.kind)
    return PollSummary(
        key=f"p{poll.id}", title=terms.title, kind=kind.name, kind_label=kind.label, state=poll.state,
        visibility=terms.visibility, secrecy=terms.secrecy, is_revealed=result is not None,
        rule=rule_text(terms), scale=_scale_summary(terms.settings), settings_text=kind.settings_text(terms.settings),
        statements=tuple(option.text for option in terms.options),
        # One number for one thing: what is watched is counted as of its step, how many answered included.
        rounds=tuple(_round(poll, one, answered=turnout.answered if one is newest else vote_queries.voted(one))
                     for one in poll.rounds),
        turnout=turnout, text=result.text if result else "",
        lines=_judged_again(poll, newest, poll_lines(result)) if result else (), frozen_sha256=poll.frozen_hash,
        deviations=tuple(_deviation(poll, one) for one in poll.deviations),
        movements=tuple(MovementSummary(to_round=one.number, text=moved.text, words=moved.words,
                                        stability=moved.stability)
                        for one in poll.rounds for moved in record.moved(poll, one, audience=AUDIENCE)),
        groups=poll_groups(poll, newest, audience=AUDIENCE), earlier_rule=earlier_rule_text(terms.rule),
        **_whole(result))


def _whole(result: Result | None) -> dict[str, Any]:
    """What a result tells of all its statements together."""
    text = whole_text(result) if result else ""
    if result is None or not text:
        return {}
    return {"whole_text": text, "whole_figures": tuple(
        Figure(key=key, label=label, value=result.extra[key], text=number_text(result.extra[key]))
        for key, label in WHOLE_FIGURES)}


def _judged_again(poll: Poll, newest: Round, lines: tuple[PollLine, ...]) -> tuple[PollLine, ...]:
    """The lines with their verdicts without those who declared an interest."""
    again = {one.key: one for one in without_declared(poll, newest)}
    return tuple(_line_again(line, again[line.key]) if line.key in again else line for line in lines)


def _line_again(line: PollLine, found: WithoutDeclared) -> PollLine:
    # The reason that the rule gives holds figures, which beside those of all votes would tell of single ones.
    told = None if found.verdict is None else VerdictSummary(
        word=found.verdict.word, label=found.verdict.label, because=found.words,
        is_fragile=found.verdict.is_fragile, fragility=describe_fragility(found.verdict))
    return replace(line, without_declared=told, without_declared_text=found.words)


def _round(poll: Poll, asked: Round, *, answered: int) -> RoundSummary:
    return RoundSummary(
        number=asked.number, opened_at=asked.opened_at, closed_at=asked.closed_at, revealed_at=asked.revealed_at,
        answered=answered, entitled=vote_queries.headcount(poll, asked).entitled,
        late=vote_queries.late(asked), had_feedback=asked.had_feedback,
        terms_sha256=asked.terms_hash, results=_round_lines(poll, asked))


def _round_lines(poll: Poll, asked: Round) -> tuple[RoundLine, ...]:
    """What each round gave, where there are several to compare and the room may see this one."""
    result = queries.visible_result(poll, asked, audience=AUDIENCE) if len(poll.rounds) > 1 else None
    return tuple(RoundLine(
        key=line.key, text=line.text, answered=line.answered, share=line.share, median=line.median,
        verdict=line.verdict.word if line.verdict else "", label=line.verdict.label if line.verdict else "",
        distribution=line.distribution) for line in (poll_lines(result) if result else ()))


def _deviation(poll: Poll, made: Deviation) -> DeviationSummary:
    return DeviationSummary(
        from_round=made.from_round, what=WORDS[made.field], before=changed_text(poll, made.field, made.before),
        after=changed_text(poll, made.field, made.after), reason=made.reason, made_at=made.made_at)


def tally_sheets(forum_session_id: int) -> dict[str, bytes]:
    """Every published tally sheet of a forum session, and that of priorities which are still open, by file name."""
    polls = queries.polls(forum_session_id, audience=AUDIENCE)
    interim = {name: content for poll in polls for name, content in interim_files(poll, audience=AUDIENCE).items()}
    return interim | {sheet_name(poll, asked.number): sheet_file(poll, asked.number, audience=AUDIENCE)
            for poll in polls for asked in poll.rounds if queries.seen(poll, asked, audience=AUDIENCE).sheet}


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
    result = queries.visible_result(poll, newest, audience=AUDIENCE)
    if result is not None:
        return result, _turnout(result.headcount, answered=result.answered, abstained=result.abstained,
                                outside=result.outside)
    return None, _turnout(vote_queries.headcount(poll, newest), answered=vote_queries.voted(newest), abstained=None)


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
                             text=_figure_text(column.key, figures, share))
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


def _figure_text(key: str, figures: Mapping[str, Any], share: Share | None) -> str:
    value = figures.get(key)
    if key in ("high", "count") and share is not None:
        return describe_share(share.count, share.total) if share.total else f"{share.count} of 0"
    if f"{key}_of" in figures and value is not None:
        return describe_share(value, figures[f"{key}_of"])
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
