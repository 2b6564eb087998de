"""What other features show on a forum session's page, as HTML."""

from sigforum.agenda.models import ForumSession
from sigforum.kernel.hooks import Hook
from sigforum.people.domain import Viewer

forum_tools: Hook[[Viewer, ForumSession], str] = Hook("In the header of a forum session's page.")
forum_top: Hook[[Viewer, ForumSession], str] = Hook("Above the threads.")
forum_side: Hook[[Viewer, ForumSession], str] = Hook("Beside the threads.")
