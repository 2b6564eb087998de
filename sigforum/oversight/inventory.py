"""What is stored about people, column by column: one row for everything that points at a person.

The copy of one's own data, erasure and retention all read this table, and a test compares it with the schema: a new
column that points at a person needs a row here, so that nobody forgets what it means for that person.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What an erasure does with rows that point at the person."""

    # The row stays and counts; it points at a number without a name.
    COUNTS = "counts"
    # The row goes.
    GOES = "goes"
    # The row stays and points at nobody.
    FORGETS = "forgets"
    # The row stays as it is: it is sealed into the chain of the audit log.
    SEALED = "sealed"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One column that points at a person. `hides` are columns that no copy shows. In rows that stay an erasure empties
    those of `clears`, and puts a mark into those of `masks` that say something."""

    column: str
    title: str
    fate: Fate
    hides: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The table's name."""
        return self.column.partition(".")[0]

    @property
    def name(self) -> str:
        """The column's own name."""
        return self.column.partition(".")[2]


# Hashes of tokens are useless to the person and of use to a thief.
_TOKEN = ("token_hash",)

INVENTORY: tuple[Kept, ...] = (
    Kept(column="memberships.person_id", title="Your place in meetings", fate=Fate.COUNTS,
         clears=("invited_name", "invited_affiliation", "name_here", "affiliation_here",
                 "address_here", "earlier_names")),
    Kept(column="responses.author_id", title="What you posted", fate=Fate.COUNTS),
    Kept(column="votes.person_id", title="Your ballots, with the receipt codes", fate=Fate.COUNTS),
    Kept(column="vote_changes.person_id", title="Every version of your ballots", fate=Fate.COUNTS),
    Kept(column="participations.person_id", title="Secret rounds in which you voted; the ballots name nobody",
         fate=Fate.COUNTS),
    Kept(column="late_votes.person_id", title="Votes that came too late", fate=Fate.COUNTS),
    Kept(column="summary_reviews.person_id", title="Your reviews of summaries", fate=Fate.COUNTS),
    Kept(column="minority_positions.written_by_id", title="Minority positions that you wrote", fate=Fate.COUNTS),
    Kept(column="minority_holders.person_id", title="Minority positions that you hold", fate=Fate.COUNTS),
    Kept(column="sign_offs.person_id", title="How you signed summaries", fate=Fate.COUNTS),
    Kept(column="summary_wordings.written_by_id", title="Lines of summaries that you wrote", fate=Fate.COUNTS),
    Kept(column="published_versions.published_by_id", title="Versions that you published", fate=Fate.COUNTS,
         hides=("document", "sheets")),
    Kept(column="disclosures.person_id", title="Interests that you declared", fate=Fate.COUNTS,
         masks=("financial", "advocacy")),
    Kept(column="acknowledgements.person_id", title="Rules that you acknowledged", fate=Fate.GOES),
    Kept(column="notices.written_by_id", title="Notices that you wrote", fate=Fate.FORGETS),
    Kept(column="recusals.person_id", title="Votes from which you were recused", fate=Fate.COUNTS,
         hides=("made_by_id", "taken_back_by_id"), clears=("reason",)),
    Kept(column="recusals.made_by_id", title="Recusals that you made", fate=Fate.FORGETS,
         hides=("person_id", "reason")),
    Kept(column="recusals.taken_back_by_id", title="Recusals that you took back", fate=Fate.FORGETS,
         hides=("person_id", "reason")),
    Kept(column="response_flags.flagged_by_id", title="Responses that you flagged", fate=Fate.COUNTS,
         hides=("decided_by_id",), clears=("reason",)),
    Kept(column="response_flags.decided_by_id", title="Flags that you decided", fate=Fate.FORGETS,
         hides=("flagged_by_id", "reason")),
    Kept(column="polls.created_by_id", title="Polls that you drafted", fate=Fate.COUNTS),
    Kept(column="deviations.made_by_id", title="Changes of polls that you made between rounds", fate=Fate.COUNTS),
    Kept(column="stages.lead_id", title="Rooms that you lead", fate=Fate.FORGETS, hides=("join_code",)),
    Kept(column="reading_marks.person_id", title="How far you have read, and when", fate=Fate.GOES),
    Kept(column="export_jobs.requested_by_id", title="Files that you asked for", fate=Fate.GOES),
    # What is in a list are other people's names and addresses.
    Kept(column="list_imports.requested_by_id", title="Lists of people that you uploaded", fate=Fate.GOES,
         hides=("text",)),
    Kept(column="outgoing_mails.person_id", title="Mails to you", fate=Fate.GOES),
    Kept(column="sign_in_links.person_id", title="Your sign-in links", fate=Fate.GOES, hides=_TOKEN),
    Kept(column="sign_ins.person_id", title="Where you signed in", fate=Fate.GOES, hides=_TOKEN),
    Kept(column="sign_in_codes.person_id", title="Codes in mails to you", fate=Fate.GOES,
         hides=("asked_hash", "address_hash", "code_hash")),
    Kept(column="second_steps.person_id", title="Sign-ins that asked for your app's code", fate=Fate.GOES,
         hides=_TOKEN),
    Kept(column="authenticators.person_id", title="Your authenticator app", fate=Fate.GOES, hides=("sealed_secret",)),
    Kept(column="recovery_codes.person_id", title="Your recovery codes", fate=Fate.GOES, hides=("code_hash",)),
    Kept(column="passkeys.person_id", title="Your passkeys", fate=Fate.GOES),
    Kept(column="audit_entries.actor_id", title="What the audit log says you did", fate=Fate.SEALED),
)
# These belong to a meeting only in part: they go with the person's last meeting.
OF_THE_PERSON = ("sign_ins.person_id", "sign_in_links.person_id", "sign_in_codes.person_id",
                 "second_steps.person_id", "authenticators.person_id", "recovery_codes.person_id",
                 "passkeys.person_id")
