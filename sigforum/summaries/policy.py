"""Who may do what with a summary: one table, used by pages, buttons and actions."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sigforum.kernel.errors import Conflict, NotAllowed
from sigforum.people.domain import Viewer
from sigforum.summaries.domain import SHOWN, STATE_WORDS, WRITABLE, SummaryState

Rule = Callable[[Viewer, int], bool]

PERMISSIONS: Mapping[str, Rule] = MappingProxyType({
    # Writing, asking for review, publishing: whoever chairs the forum session.
    "write": lambda viewer, forum_session_id: viewer.facilitates(forum_session_id),
    # Approving, dissenting, signing: the panel itself. Chairs and observers are neutral.
    "review": lambda viewer, forum_session_id: viewer.votes_in(forum_session_id),
})
_REASONS = {
    "write": "Only a facilitator of this session can write its summary.",
    "review": "Only participants of this session review its summary and sign it.",
}


def may(permission: str, viewer: Viewer, forum_session_id: int) -> bool:
    """Whether the viewer may do this."""
    return PERMISSIONS[permission](viewer, forum_session_id)


def check(permission: str, viewer: Viewer, forum_session_id: int) -> None:
    """Raises NotAllowed, with the reason, where `may` says no."""
    if not may(permission, viewer, forum_session_id):
        raise NotAllowed(_REASONS[permission])


def may_read_lines(*, is_chair: bool, state: str) -> bool:
    """Whether what the facilitator wrote is shown: to the room from the review on."""
    return is_chair or state in SHOWN


def check_writable(state: str) -> None:
    """Raises Conflict where the words are not to be changed now."""
    if state not in WRITABLE:
        raise Conflict(f"The summary is {STATE_WORDS[SummaryState(state)]}. "
                       + ("Open a correction first." if state == SummaryState.PUBLISHED
                          else "Take it back for editing first."))


def check_in_review(state: str) -> None:
    """Raises Conflict where nobody asks for a review now."""
    if state != SummaryState.IN_REVIEW:
        raise Conflict(f"The summary is {STATE_WORDS[SummaryState(state)]}; it can be reviewed and signed only while "
                       "it is in review.")


def check_revision(revision: int, seen: int) -> None:
    """Raises Conflict where the text is another than the one that was read."""
    if revision != seen:
        raise Conflict("The summary was changed since you opened this page. Reload and read it again first.")
