"""Themes against modalities: how many sessions, how many statements judged, on how many there is consensus."""

from dataclasses import dataclass
from textwrap import wrap

from sigforum.consensus.proportions import percent_text
from sigforum.kernel.excerpts import shortened
from sigforum.summaries.blocks import Chart, Table
from sigforum.summaries.document.synthesis import Synthesis, ThemeCell
from sigforum.summaries.printing import drawing
from sigforum.web.rendering import plural

_WIDTH, _NAMES, _HEAD, _ROW = 640, 176, 44, 58
# Letters of a name that fit beside the first cell.
_LETTERS = 24


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """A cell that has sessions. The bar's length says what its number says, so that nothing rests on colour."""

    x: float
    y: int
    bar: float
    tint: float
    count: str
    sessions: str


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """The drawing: names of rows and columns with their places, and the cells."""

    width: int
    height: int
    column: float
    row: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    columns: tuple[tuple[float, str, bool], ...]
    cells: tuple[HeatCell, ...]
    words: str


def heat_chart(found: Synthesis) -> Chart:
    """The map with its table."""
    return Chart(svg=drawing("summaries/_heat.html", "heat", _drawn(found)), numbers=heat_table(found), is_wide=True,
                 caption="Consensus by theme and modality: statements with consensus, for or against, of those that a "
                         "rule judged. The bar is their share.")


def heat_table(found: Synthesis) -> Table:
    """The same numbers; a session with several modalities stands in each."""
    return Table(
        caption="Themes and modalities. A session with several modalities counts for each.",
        columns=("Theme", "Modality", "Sessions", "Statements judged", "Consensus for", "Consensus against",
                 "With consensus"),
        rows=tuple((cell.theme, cell.modality, ", ".join(cell.sessions), str(cell.judged),
                    _number(cell.consensus_for), _number(cell.consensus_against),
                    percent_text(cell.consensus, cell.judged) if cell.judged else "–") for cell in found.cells),
        words=frozenset({0, 1, 2}))


def _drawn(found: Synthesis) -> HeatMap:
    themes = list(dict.fromkeys(cell.theme for cell in found.cells))
    modalities = list(dict.fromkeys(cell.modality for cell in found.cells))
    column = (_WIDTH - _NAMES) / max(len(modalities), 1)
    return HeatMap(
        width=_WIDTH, height=_HEAD + _ROW * len(themes) + 4, column=column, row=_ROW,
        rows=tuple((_HEAD + _ROW * place, tuple(wrap(name, _LETTERS)[:2])) for place, name in enumerate(themes)),
        # Names of neighbours stand on two lines, so that they do not run into each other.
        columns=tuple((_NAMES + column * place, shortened(name, 3), place % 2 == 1)
                      for place, name in enumerate(modalities)),
        cells=tuple(_cell(cell, x=_NAMES + column * modalities.index(cell.modality),
                          y=_HEAD + _ROW * themes.index(cell.theme), width=column) for cell in found.cells),
        words="; ".join(f"{cell.theme}, {cell.modality}: {plural(len(cell.sessions), 'session')}, {_count(cell)}"
                        for cell in found.cells))


def _cell(cell: ThemeCell, *, x: float, y: int, width: float) -> HeatCell:
    share = cell.consensus / cell.judged if cell.judged else 0
    codes = ", ".join(cell.sessions) if len(cell.sessions) < 3 else f"{len(cell.sessions)} sessions"
    return HeatCell(x=x, y=y, bar=(width - 16) * share, tint=0.4 * share,
                    count=f"{cell.consensus} of {cell.judged}" if cell.judged else "–",
                    sessions=_apart(cell) + codes)


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def _apart(cell: ThemeCell) -> str:
    """For and against apart: two statements that were refused are no agreement with two that were accepted."""
    if cell.consensus_for is None or not cell.consensus:
        return ""
    return f"{cell.consensus_for} for, {cell.consensus_against} against · "


def _count(cell: ThemeCell) -> str:
    if not cell.judged:
        return "no statement judged"
    apart = "" if cell.consensus_for is None else f" ({cell.consensus_for} for, {cell.consensus_against} against)"
    return f"consensus on {cell.consensus} of {cell.judged} statements{apart}"
