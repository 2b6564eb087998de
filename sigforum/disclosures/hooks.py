"""What the rules of attribution ask the features above them."""

from sigforum.agenda.models import ForumSession
from sigforum.kernel.hooks import Hook

relies_on_attribution: Hook[[ForumSession], str] = Hook(
    "In words, that something was done under a forum session's rule of attribution; empty while nothing was.")
