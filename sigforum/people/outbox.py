"""The outbox of a meeting: whom a mail can go to, its words, and sending it to a selection now and the rest later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from sigforum.audit.actions import record
from sigforum.extensions import db
from sigforum.kernel.errors import Conflict, Invalid, NotFound
from sigforum.kernel.loaded import check_loaded, mark
from sigforum.people import queries
from sigforum.people.composing import filled_wording, wording_in_force
from sigforum.people.domain import GONE, MailKind, MailState, MembershipStatus, Viewer
from sigforum.people.inviting import queue_mails
from sigforum.people.inviting_models import MailWording
from sigforum.people.jobs import wake_mail
from sigforum.people.models import Membership, OutgoingMail, Person
from sigforum.people.policy import check_manages_people
from sigforum.people.wording import Wording, checked_wording, used_placeholders
from sigforum.transaction import transaction

# What stands in a preview where each person's own link will stand.
EXAMPLE_LINK = "(each person's own link)"
_UNDERWAY = (MailState.QUEUED, MailState.SENDING, MailState.HANDED)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to whom a mail can go now."""

    membership: Membership
    # The state of the newest mail of this kind, where there was one.
    mail_state: str | None


def recipients(meeting_id: int, kind: MailKind) -> list[Recipient]:
    """Whom a mail of this kind can go to, by name.

    Invitations go to those who were not sent one, or whose one did not arrive; reminders to those who were and have not
    answered; news of a change to everybody who was told of the meeting and has not declined.
    """
    states = {kind: _newest(meeting_id, kind) for kind in MailKind}
    invited = states[MailKind.INVITATION]
    found = []
    for membership in queries.members(meeting_id):
        state, own = invited.get(membership.person_id), states[kind].get(membership.person_id)
        is_waiting = own in _UNDERWAY
        has_heard = state not in (None, MailState.WITHDRAWN)
        may_go = {
            MailKind.INVITATION: membership.status == MembershipStatus.INVITED and (
                not has_heard or state in (MailState.BOUNCED, MailState.FAILED, MailState.UNSURE)),
            MailKind.REMINDER: membership.status == MembershipStatus.INVITED and state == MailState.SENT,
            MailKind.CHANGE: membership.status == MembershipStatus.ACCEPTED or (
                membership.status not in GONE and state == MailState.SENT),
        }[kind]
        if may_go and not is_waiting:
            found.append(Recipient(membership=membership, mail_state=own))
    return found


def send_wave(viewer: Viewer, kind: MailKind, membership_ids: Collection[int] | None, *,
              seen: Collection[int] | None = None) -> int:
    """Queue a mail to those chosen, None for all whom it can go to; how many. Those it can no longer go to, because
    they have answered meanwhile, are passed over. Raises Invalid where nobody is left, and where it would go to
    somebody who is not among those `seen`."""
    check_manages_people(viewer)
    with transaction() as tx:
        chosen = [one.membership for one in recipients(viewer.meeting_id, kind)
                  if membership_ids is None or one.membership.id in membership_ids]
        if seen is not None and any(one.id not in seen for one in chosen):
            raise Invalid({"chosen": "There are more people to send to than this page showed. Look at it once more."})
        if not chosen:
            raise Invalid({"chosen": "Nobody is chosen to whom this mail can go now."})
        queue_mails(tx, chosen, kind=kind)
        record("mails_queued", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"meeting {viewer.meeting_id}", kind=kind.value, people=[one.person_id for one in chosen])
    return len(chosen)


def save_wording(viewer: Viewer, kind: MailKind, *, subject: str, text: str, loaded: str = "") -> None:
    """Keep new words for a mail as the next version; mails already queued keep theirs. Raises Invalid by field, and
    Outdated where the form was loaded with other words than those in force."""
    check_manages_people(viewer)
    wording = checked_wording(kind, subject=subject, text=text)
    with transaction():
        _, before = wording_in_force(viewer.meeting_id, kind)
        if before == wording:
            return
        check_loaded(loaded, wording_mark(before), stands=f"“{before.subject}” – {before.text}")
        number = db.session.scalar(select(func.max(MailWording.number)).where(
            MailWording.meeting_id == viewer.meeting_id, MailWording.kind == kind)) or 0
        db.session.add(MailWording(meeting_id=viewer.meeting_id, kind=kind.value, number=number + 1,
                                   subject=wording.subject, text=wording.text))
        record("mail_reworded", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"mail {kind.value}", before={"version": number}, after={"version": number + 1})


def wording_mark(wording: Wording) -> str:
    """The mark of a form with these words."""
    return mark(wording.subject, wording.text)


def preview(viewer: Viewer, wording: Wording, *, membership_id: int | None) -> tuple[Membership, Wording]:
    """A mail as a chosen member will read it, oneself where none is chosen. Raises NotFound for another meeting's."""
    membership = queries.member(viewer.meeting_id, membership_id or viewer.membership_id)
    return membership, filled_wording(wording, membership, link=EXAMPLE_LINK)


def empty_values(wording: Wording, memberships: Sequence[Membership]) -> dict[str, int]:
    """For how many of these people a placeholder in the words stands for nothing."""
    used = used_placeholders(wording)
    values = {"affiliation": [one.shown_affiliation for one in memberships],
              "group": [one.stakeholder_group for one in memberships], "name": [one.shown_name for one in memberships]}
    return {name: missing for name, found in values.items() if name in used and (missing := found.count(""))}


def send_test(viewer: Viewer, kind: MailKind) -> Person:
    """Queue the mail to oneself, marked as a test and with nobody's link in it."""
    check_manages_people(viewer)
    with transaction() as tx:
        person = db.session.get_one(Person, viewer.person_id)
        wording_id, _ = wording_in_force(viewer.meeting_id, kind)
        db.session.add(OutgoingMail(person_id=person.id, meeting_id=viewer.meeting_id, template=kind.value,
                                    wording_id=wording_id, is_test=True))
        record("test_mail_queued", meeting_id=viewer.meeting_id, actor_id=viewer.person_id,
               subject=f"mail {kind.value}")
        tx.after_commit(wake_mail)
    return person


def kind_named(name: str) -> MailKind:
    """The kind of mail of an address. Raises NotFound."""
    if name not in set(MailKind):
        raise NotFound()
    return MailKind(name)


def chosen_ids(values: Sequence[str]) -> frozenset[int]:
    """The ids of a form's ticked boxes. Raises Conflict for what no page of ours sends."""
    if not all(value.isdecimal() and value.isascii() and len(value) < 10 for value in values):
        raise Conflict("The page is out of date. Reload it and choose again.")
    return frozenset(int(value) for value in values)


def _newest(meeting_id: int, kind: MailKind) -> dict[int, str]:
    rows = db.session.execute(
        select(OutgoingMail.person_id, OutgoingMail.state).where(
            OutgoingMail.meeting_id == meeting_id, OutgoingMail.template == kind, OutgoingMail.is_test.is_(False))
        .order_by(OutgoingMail.id))
    return dict(rows.all())
