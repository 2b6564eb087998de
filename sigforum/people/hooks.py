"""What people's pages and mails ask the features."""

from sigforum.kernel.hooks import Hook
from sigforum.people.domain import MailParts
from sigforum.people.models import OutgoingMail, SignInLink

list_queued: Hook[[], None] = Hook("A long list of people waits to be taken in.")
digest_parts: Hook[[OutgoingMail], MailParts | None] = Hook(
    "The text of a queued digest; None where nobody is to be written to any more.")
continue_panel: Hook[[SignInLink, str], str] = Hook(
    "What stands below the button of the page behind a sign-in link, given with its token.")
