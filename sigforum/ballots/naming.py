"""The words of options inside the sentences of a result."""

from sigforum.ballots.domain import Paper
from sigforum.kernel.words import named

# Rounds that opened under older terms, which do not say so, have an option's own full stop inside their sentences.
NAMES, WITHOUT_STOPS = "names", "without stops"


def names_in_sentences(paper: Paper) -> dict[str, str]:
    """Each option's words by its key, as the sentences of a round have them."""
    has_stops = paper.settings.get(NAMES) != WITHOUT_STOPS
    return {option.key: option.text if has_stops else named(option.text) for option in paper.options}
