"""What is told of all statements of a poll together, beside what each of them gave."""

from sigforum.ballots.domain import Result
from sigforum.consensus.content_validity import describe_scale_validity

# The figures in a result's `extra`, with their names.
WHOLE_FIGURES = (("s_cvi_ave", "S-CVI/Ave"), ("s_cvi_ua", "S-CVI/UA"))


def whole_text(result: Result) -> str:
    """The content validity of the whole scale in words; empty where there is none, or nobody rated."""
    average, universal = (result.extra.get(key) for key, _ in WHOLE_FIGURES)
    return "" if average is None or universal is None else describe_scale_validity(average, universal)
