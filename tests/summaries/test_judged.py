"""What the synthesis counts as judged: a statement on which too few rated has no judgement."""

from types import SimpleNamespace

from sigforum.consensus.verdicts import VerdictWord
from sigforum.summaries.synthesis import theme_cells


def document(*words: VerdictWord | None) -> SimpleNamespace:
    """As much of a summary as the cells of themes are made of."""
    lines = [SimpleNamespace(verdict=SimpleNamespace(word=word) if word else None) for word in words]
    return SimpleNamespace(polls=[SimpleNamespace(lines=lines)], forum_session=SimpleNamespace(
        code="1A", theme="Making", modality="CAR-T", modalities=("CAR-T",)))


def test_too_few_to_say_is_no_judgement() -> None:
    (cell,) = theme_cells([document(VerdictWord.CONSENSUS_FOR, VerdictWord.NO_CONSENSUS, VerdictWord.TOO_FEW, None)])
    assert (cell.judged, cell.consensus) == (2, 1)
