"""When the result of a vote that hides who voted how is told, and when what changed between two votes is."""

from sigforum.disclosure_control.thresholds import FEWEST_PEOPLE


def is_result_told(*, is_hidden_vote: bool, answered: int, least_told: int, is_secret: bool = False) -> bool:
    """Whether a closed count of `answered` ballots is told. `least_told` is what the round's terms promise: rounds
    that were opened before there was such a promise have 0, and are told as they were.

    One ballot is its voter's, and of two each voter finds the other's by taking the own one away. It does not matter
    how the count became so small: by recusals, by people who lost their place, or because few voted.
    """
    if not is_hidden_vote:
        return True
    if is_secret:
        return answered >= max(least_told, FEWEST_PEOPLE)
    # That nobody voted is told by the turnout.
    return answered == 0 or answered >= least_told


def is_movement_told(*, is_hidden_vote: bool, both: int, joined: int, left: int) -> bool:
    """Whether it is told how people moved on something between two counts, of which `both` have a place in both and
    `joined` and `left` in one alone.

    The counts of both rounds are told. Those who moved or stayed taken away from them are the votes of those who
    answered once: where these are one or two, of whom it is often known who they are, it would tell how they voted.
    """
    return not is_hidden_vote or not any(0 < count < FEWEST_PEOPLE for count in (both, joined, left))


def is_rest_told(*, left_out: int, others: int) -> bool:
    """Whether the verdict of `others`, without `left_out` people, is told beside that of all. With fewer on either side
    the two together would speak of single ballots."""
    return left_out >= FEWEST_PEOPLE and others >= FEWEST_PEOPLE
