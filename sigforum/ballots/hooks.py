"""What polls ask the features above them, and what they tell them inside their own transactions."""

from sigforum.ballots.models import Poll, Round
from sigforum.kernel.hooks import Hook
from sigforum.people.domain import Audience

round_opens: Hook[[Poll], None] = Hook("A round is about to open. Whoever raises a Refusal keeps it closed.")
poll_moved: Hook[[Poll, str], None] = Hook("A poll made the move of this verb. Part of its transaction.")
round_record: Hook[[Poll, Round, Audience], str] = Hook(
    "What the record of a poll shows of a round to an audience, as HTML.")
