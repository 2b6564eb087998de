"""The audit log in words, what an erasure does with texts, and when a meeting's data are to go; plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sigforum.audit.domain import SALT
from sigforum.kernel.words import code_words

# What stands where a name stood.
NAME_REMOVED = "Name removed"
TEXT_REMOVED = "Withdrawn on request"
ERRATUM = "A name was removed on request."
LONGEST_RETENTION_DAYS = 36_500


class Texts(StrEnum):
    """What becomes of the texts that a person wrote."""

    KEEP = "keep"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, kw_only=True)
class Due:
    """When the personal data of a meeting are to go."""

    ended_on: date
    days: int

    @property
    def on(self) -> date:
        """The first day on which they may not be kept any more."""
        try:
            return self.ended_on + timedelta(days=self.days + 1)
        except OverflowError:
            # A year that nobody meant, from an agenda stored long ago: there is no such day.
            return date.max


# What an entry of the audit log says after the name; a verb that is not here is said as it is written.
VERB_WORDS: Mapping[str, str] = MappingProxyType({
    "agenda_imported": "changed the agenda", "attribution_chosen": "chose how what is said may be attributed",
    "authenticator_added": "set up an authenticator app", "authenticator_removed": "removed the authenticator app",
    "card_first_used": "came in by a card for the first time",
    "cards_printed": "printed cards for the door", "code_tries_used_up": "used up the tries for a sign-in code",
    "consent_changed": "changed what they consent to", "data_erased": "erased a person's data",
    "digest_hour_set": "set when daily mails go out",
    "entry_set": "set what is acknowledged before taking part", "export_cancelled": "cancelled a file",
    "export_requested": "asked for a file", "export_retried": "asked for a file again",
    "forum_session_close": "closed a session", "forum_session_go_live": "took a session live",
    "forum_session_open": "opened a session", "forum_session_reopen": "reopened a session",
    "forum_session_summarise": "marked a session as summarised",
    "host_made": "let a person make meetings", "hours_set": "set the meeting's hours",
    "interests_declared": "declared interests", "invitation_accepted": "accepted the invitation",
    "invitation_declined": "declined the invitation", "invitation_resent": "sent an invitation again",
    "keys_forgotten": "forgot somebody's passkeys and codes", "lead_handed_over": "handed the lead over",
    "lead_taken": "took the lead", "list_queued": "uploaded a list of people",
    "mail_bounced": "learned that a mail did not arrive", "mail_reworded": "reworded a mail",
    "mails_queued": "sent mails", "meeting_created": "made the meeting", "meeting_purged": "purged personal data",
    "membership_changed": "changed a person's place", "membership_revoked": "removed a person",
    "minority_position_held": "joined a minority position",
    "minority_position_left": "left a minority position",
    "minority_position_reworded": "reworded a minority position",
    "minority_position_written": "wrote a minority position", "notice_written": "wrote a notice",
    "passkey_added": "added a passkey", "passkey_removed": "removed a passkey", "people_invited": "invited people",
    "person_renamed": "corrected a person's name or affiliation", "address_changed": "changed their address",
    "address_asked": "asked for another address",
    "poll_changed": "changed a poll's draft", "poll_close": "closed a round", "poll_created": "drafted a poll",
    "poll_decide": "decided a poll", "poll_deleted": "deleted a poll's draft",
    "poll_deviated": "changed a poll between rounds", "poll_nudged": "reminded voters", "poll_open": "opened a round",
    "poll_reveal": "revealed a round", "poll_timed": "set a poll's timer", "poll_undone": "took an opening back",
    "recovery_code_used": "used a recovery code", "recovery_codes_renewed": "made new recovery codes",
    "recusal_taken_back": "took a recusal back",
    "recused": "recused a person from voting", "response_edited": "edited a response",
    "response_flagged": "flagged a response", "response_hidden": "hid a response", "response_posted": "posted",
    "response_restored": "put a response back", "response_shown": "showed a hidden response",
    "response_withdrawn": "withdrew a response", "retention_set": "set how long personal data are kept",
    "rules_acknowledged": "acknowledged the rules", "second_step_failed": "failed at the second step of signing in",
    "sign_in_refused": "asked to sign in and was not known", "signed_in": "signed in", "signed_out": "signed out",
    "stage_cleared": "put the discussion on the projector", "stage_shown": "put a poll on the projector",
    "summary_ask_review": "asked for review", "summary_close_review": "closed the review",
    "summary_correct": "opened a correction", "summary_drafted": "drafted a summary",
    "summary_edit_again": "took a summary back for editing", "summary_line_approve": "approved a line",
    "summary_line_comment": "commented on a line", "summary_line_dissent": "dissented from a line",
    "summary_line_moved": "moved a line", "summary_line_removed": "removed a line",
    "summary_line_restored": "put a line back", "summary_line_reworded": "reworded a line",
    "summary_line_split": "split a line", "summary_line_written": "wrote a line",
    "summary_lines_merged": "merged lines", "summary_publish": "published a summary",
    "summary_response_lifted": "lifted a response into a summary",
    "summary_rest_approved": "approved the rest of a summary",
    "summary_result_lifted": "lifted a result into a summary", "summary_signed": "signed a summary",
    "summary_statements_drafted": "drafted statements from polls", "test_mail_queued": "sent a test mail",
    "version_redacted": "removed a name from published versions",
})

# Done by the program without anybody's hand: who is said to have done it.
AUTOMATIC: Mapping[str, str] = MappingProxyType({
    "code_tries_used_up": "Somebody", "mail_bounced": "Automatically", "meeting_purged": "Automatically",
    "second_step_failed": "Somebody", "sign_in_refused": "Somebody",
    "summary_statements_drafted": "Automatically, from revealed results",
    # Whoever asked to be erased is named nowhere.
    "version_redacted": "Automatically, after an erasure",
})

# What somebody agreed to, or not, is in what is published; who declined is nobody's business.
_KEPT_BACK = frozenset({"listing", "listed", "quoted", "may_be_listed", "may_be_quoted", SALT})


# Numbers under these names are those of people.
OF_PEOPLE = ("people", "to", "lead")


def told_detail(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What of an entry's detail the meeting's organizers are told."""
    return {name: told_detail(value) if isinstance(value, dict) else value for name, value in detail.items()
            if name not in _KEPT_BACK}


def people_in(detail: Mapping[str, Any]) -> list[int]:
    """The numbers of the people who stand in an entry's detail."""
    found: list[int] = []
    for name, value in detail.items():
        if isinstance(value, dict):
            found += people_in(value)
        elif name in OF_PEOPLE and value is not None:
            found += value if isinstance(value, list) else [value]
    return found


THROUGH_A_CARD = ", through a card"


def verb_words(verb: str) -> str:
    """A verb of the audit log as the end of a sentence that begins with a name."""
    return VERB_WORDS.get(verb, verb.replace("_", " "))


def detail_words(detail: Mapping[str, Any], *, names: Mapping[int, str]) -> str:
    """What an entry says beside who did what: people by name, hashes by their beginning."""
    parts = []
    for name, value in detail.items():
        if value in (None, "", [], {}) and name not in ("before", "after"):
            continue
        parts.append(f"{name.replace('_', ' ')}: {_short(_named(name, value, names), name)}")
    return "; ".join(parts)


def _named(name: str, value: Any, names: Mapping[int, str]) -> Any:
    """A value with the names of the people whose numbers stand in it."""
    if isinstance(value, dict):
        return {inner: _named(inner, one, names) for inner, one in value.items()}
    if name not in OF_PEOPLE or value is None:
        return value
    return [names.get(number, NAME_REMOVED) for number in (value if isinstance(value, list) else [value])]


def _short(value: Any, name: str = "") -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        # Nothing is left of it where all of it is the person's own affair.
        return ", ".join(f"{inner.replace('_', ' ')} {_short(one, inner)}"
                         for inner, one in value.items()) or "not told"
    if isinstance(value, list):
        return ", ".join(_short(one, name) for one in value) or "none"
    text = "yes" if value is True else "no" if value is False else str(value)
    is_hash = len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
    return f"{text[:12]}…" if is_hash else code_words(text, name)
