"""Reads of groups: who belongs to which, which rounds wait, and what may be told of a round."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from sigforum.agenda.models import ForumSession
from sigforum.ballots import queries as ballots
from sigforum.ballots.domain import Paper, Secrecy
from sigforum.ballots.models import Poll, Round
from sigforum.disclosure_control.joining import POOLED, leaves_silent_few
from sigforum.extensions import db
from sigforum.groups.answering import answering, silent_by_group
from sigforum.groups.domain import SILENT_FEW, DeclaredGroups, FoundGroup, FoundGroups, RoundGroups
from sigforum.groups.models import GroupReport
from sigforum.groups.telling import shared_text, statement_text
from sigforum.people.domain import Audience, Invitee
from sigforum.people.models import Membership


def groups_of(poll: Poll, asked: Round, audience: Audience) -> RoundGroups | None:
    """What is told of groups in a round; None unless it was revealed and this audience may see its result.

    A frozen value, the same for everybody who may have it: pages and summaries print this and nothing else.
    """
    if asked.revealed_at is None or not ballots.seen(poll, asked, audience=audience).sheet:
        return None
    report = db.session.get(GroupReport, asked.id)
    if report is None:
        return None
    told = RoundGroups(
        round_number=asked.number, is_waiting=report.is_waiting,
        declared=_declared(poll, asked, report.declared) if report.declared else None,
        found=_found(report.found, ballots.paper(poll, asked)) if report.found else None)
    return told if told.declared or told.found or told.is_waiting else None


def groups_by_person(meeting_id: int) -> Mapping[int, str]:
    """The stakeholder group of everybody ever invited to a meeting: whoever was removed since has voted all the
    same."""
    rows = db.session.execute(
        select(Membership.person_id, Membership.stakeholder_group).where(Membership.meeting_id == meeting_id))
    return dict(rows.all())


def waiting_round_ids() -> list[int]:
    """The rounds in whose votes groups are to be looked for, oldest first."""
    return list(db.session.scalars(
        select(GroupReport.round_id).where(GroupReport.is_waiting.is_(True)).order_by(GroupReport.round_id)))


def uncounted_poll_ids() -> list[int]:
    """The polls with a revealed round that was revealed before groups were counted."""
    return list(db.session.scalars(
        select(Round.poll_id).distinct().join(Poll, Round.poll_id == Poll.id).join(ForumSession)
        .outerjoin(GroupReport, GroupReport.round_id == Round.id)
        .where(Round.revealed_at.is_not(None), GroupReport.round_id.is_(None)).order_by(Round.poll_id)))


def answers_by_row(people: Sequence[Invitee], asked: Round, voters: Collection[int]) -> dict[str, tuple[int, int]]:
    """(could answer, answered) of a round for each row of the table of participants; empty where none stands apart."""
    return answering(people, asked, voters).by_row()


def _declared(poll: Poll, asked: Round, stored: Mapping[str, Any]) -> DeclaredGroups:
    """The table as it was counted, while the one of participants beside it gives nobody away: people accept later, and
    what was counted by an earlier version knew nothing of that table."""
    told = DeclaredGroups.from_json(stored)
    labels = {label for label, _ in told.groups}
    if asked.frozen.secrecy == Secrecy.OPEN or not labels or not leaves_silent_few(
            labels - {POOLED}, silent_by_group(poll, asked), has_rest=POOLED in labels):
        return told
    return DeclaredGroups(refused=SILENT_FEW)


def _found(stored: Mapping[str, Any], paper: Paper) -> FoundGroups:
    texts = {option.key: option.text for option in paper.options}
    votes = {row["statement"]: row["votes"] for row in stored.get("shared", ())}
    return FoundGroups(
        text=stored["text"], refused=stored["refused"], chance=stored["chance"], drawn=stored.get("map"),
        groups=tuple(FoundGroup(name=group["name"], people=group["people"], statements=tuple(
            (texts.get(one["statement"], one["statement"]), statement_text(one, group=group["name"], votes=votes))
            for one in group["statements"])) for group in stored.get("groups", ())),
        shared=tuple((texts.get(row["statement"], row["statement"]), shared_text(row))
                     for row in stored.get("shared", ())))
