"""What pages ask the features."""

from sigforum.kernel.errors import Refusal
from sigforum.kernel.hooks import Hook

recovery_link: Hook[[Refusal], tuple[str, str] | None] = Hook(
    "The address, with its words, of where somebody who was refused can go first.")
page_zone: Hook[[], str] = Hook("The time zone of the meeting that the page is about; empty for none.")
