"""Which count belongs to which kind of poll."""

from collections.abc import Callable, Mapping
from typing import Any

from sigforum.verification.counting.choices import count_choices
from sigforum.verification.counting.estimates import count_numeric
from sigforum.verification.counting.matrix import count_matrix
from sigforum.verification.counting.paper import Count
from sigforum.verification.counting.priorities import count_points
from sigforum.verification.counting.rankings import count_ranking
from sigforum.verification.counting.ratings import count_rating
from sigforum.verification.counting.statements import count_agree, count_motion
from sigforum.verification.counting.words import count_text

COUNTS: Mapping[str, Callable[[Count], dict[str, Any]]] = {
    "single": count_choices, "multiple": count_choices, "approval": count_choices, "agree": count_agree,
    "motion": count_motion, "rating": count_rating, "matrix": count_matrix, "numeric": count_numeric,
    "text": count_text, "ranking": count_ranking, "points": count_points}
