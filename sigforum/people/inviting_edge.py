"""What the pages of inviting share: the codes of a meeting's sessions."""

from typing import Any


def codes_by_id(meeting: Any) -> dict[int, str]:
    """The codes of the forum sessions on the agenda."""
    return {forum_session.id: forum_session.code for forum_session in meeting.forum_sessions}
