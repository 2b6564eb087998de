"""The chain of the audit log: what a hash covers, and how a deleted, altered or reordered entry shows."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# The chain of entries that belong to no meeting.
NO_MEETING = 0
# What stands before the first entry of a chain.
BEGINNING = ""
# What people do under the attribution rule of a session: where it names nobody, the log does not either.
AUTHORED = frozenset({
    "response_posted", "response_edited", "response_withdrawn", "response_restored", "minority_position_written",
    "minority_position_reworded", "minority_position_held", "minority_position_left", "summary_line_approve",
    "summary_line_comment", "summary_line_dissent", "summary_rest_approved"})
# Nobody is told who did this, whatever the rule. A published summary lists who signed and agreed to be listed; beside
# all who signed it would tell who declined, and before that who has not signed.
ALWAYS_UNNAMED = frozenset({"response_flagged", "summary_signed"})
# What people do for themselves, and so tells that they were here. Where some session of a meeting names nobody, the log
# does not name them either: a name that stands beside an unnamed entry would be read as its author's.
PERSONAL = frozenset({
    "rules_acknowledged", "consent_changed", "interests_declared", "recused", "recusal_taken_back", "summary_signed",
    "signed_in", "signed_out", "invitation_accepted", "invitation_declined", "export_requested", "export_cancelled",
    "export_retried", "passkey_added", "passkey_removed", "recovery_code_used", "second_step_failed",
    "card_first_used", "person_renamed", "address_changed"})
# Among them those that a chair or an organizer does for others, whose name is then told.
ALSO_BY_CHAIR = frozenset({"recused", "recusal_taken_back", "person_renamed"})
# Part of what these say is kept back: what somebody agreed to is nobody's business.
CONSENTS = frozenset({"rules_acknowledged", "consent_changed", "summary_signed"})
# These hold a person's old and new name or address. An erasure strikes them out, and what is left must not let them
# be guessed. Where it is not told who did it, nor is what they say.
NAMING = frozenset({"person_renamed", "address_changed"})
# Every entry has something unguessable among what its hash covers, which is never told. With the hashes in their hands
# organizers could otherwise try out all sixty people, all answers, and the numbers of all accounts, until one fits.
SALT = "salt"


@dataclass(frozen=True, kw_only=True)
class Head:
    """As of entry `number` the hash is `hash`; 0 and empty before the first entry."""

    number: int
    hash: str

    @property
    def words(self) -> str:
        """The sentence that is printed and exported."""
        return f"As of entry {self.number} the hash is {self.hash or 'empty'}."


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What the hash of an entry covers, beside the hash of the entry before it."""

    chain: int
    number: int
    happened_at: datetime
    actor_id: int | None
    verb: str
    subject: str
    detail_hash: str

    def sealed(self, previous: str) -> str:
        """SHA-256 over the entry and the hash of the one before, in hexadecimal."""
        moment = self.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return _sha256([self.chain, self.number, moment, self.actor_id, self.verb, self.subject, self.detail_hash,
                        previous])


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An entry as it was found: what it says, the hash it carries, and its detail, where that was not struck out."""

    noted: Noted
    hash: str
    detail: Mapping[str, Any]
    is_struck: bool


def detail_sha256(detail: Mapping[str, Any]) -> str:
    """The hash of an entry's detail. It stands apart, so that a detail can be struck out and the chain holds."""
    return _sha256(detail)


def breaks(entries: Iterable[Stored], *, head: Head | None) -> Iterator[str]:
    """What is wrong with a chain, each in a sentence that names the entry. `entries` come in the order of their
    numbers; `head` is what was noted before they were read as the newest one: later ones may follow it."""
    before, expected, at_head = BEGINNING, 1, BEGINNING
    for entry in entries:
        number = entry.noted.number
        if number > expected:
            yield (f"Entry {expected} is missing." if number == expected + 1
                   else f"Entries {expected} to {number - 1} are missing.")
        elif number < expected:
            yield f"Entry {number} stands there twice."
        if entry.detail if entry.is_struck else detail_sha256(entry.detail) != entry.noted.detail_hash:
            yield f"Entry {number} was altered: its detail is not what was noted."
        if entry.noted.sealed(before) != entry.hash and number == expected:
            yield f"Entry {number} was altered, or put into another place: its hash does not follow."
        before, expected = entry.hash, number + 1
        if head is not None and number == head.number:
            at_head = entry.hash
    if head is not None and (head.number >= expected or head.hash != at_head):
        yield (f"The newest entry is number {expected - 1}, and number {head.number} was noted as the newest: "
               "entries were cut off or exchanged at the end.")


def head_in(text: str) -> Head | None:
    """The head that a printed or exported log ends with; None where there is none."""
    found = re.search(r"As of entry (\d+) the hash is ([0-9a-f]{64}|empty)\.", text)
    return Head(number=int(found[1]), hash=found[2].removeprefix("empty")) if found else None


def signature(secret: str, *, chain: int, head: Head) -> str:
    """What this server signs a head with (HMAC-SHA256): nobody else can claim that it had another one."""
    message = f"audit-head|{chain}|{head.number}|{head.hash}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def signature_in(text: str) -> str:
    """The signature beside the head of an exported log; empty where there is none."""
    found = re.search(r"Signature: ([0-9a-f]{64})", text)
    return found[1] if found else ""


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
