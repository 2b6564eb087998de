"""Native charts of slides, which whoever presents can edit, each with its numbers in words."""

from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.util import Pt

from sigforum.consensus.percentiles import number_text
from sigforum.summaries.document.polls import Figure, PollLine, PollSummary
from sigforum.summaries.office.slide_master import INK, SOFT
from sigforum.summaries.wording import legal_text

_LOW, _MID, _HIGH = "BB5B3C", "8C897D", "14717A"


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Bars with their names, numbers and colours; `unit` is what is counted."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    colours: tuple[str, ...]
    unit: str
    is_lying: bool = False

    @property
    def words(self) -> str:
        """What the chart shows, for those who cannot see it."""
        return f"{self.unit}: " + ", ".join(
            f"{number_text(value)} at {name}" for name, value in zip(self.names, self.values, strict=True))


def bars_of_line(poll: PollSummary, line: PollLine) -> Bars | None:
    """A statement's answers; the share against the rest where that is all there is; None without numbers."""
    if line.distribution:
        names = tuple(step.step for step in line.distribution)
        return Bars(names=_with_ends(poll, names), values=tuple(step.count for step in line.distribution),
                    colours=tuple(_colour(poll, name) for name in names), unit="People")
    if line.share is not None and line.share.total:
        label = next((figure.label for figure in line.figures if figure.key in ("high", "count")), "Share")
        return Bars(names=(label, "All others"), values=(line.share.count, line.share.total - line.share.count),
                    colours=(_HIGH, _MID), unit="People")
    return None


def bars_of_options(poll: PollSummary) -> Bars | None:
    """The options side by side, by the first figure of their kind that is a number."""
    first = poll.lines[0].figures if poll.lines else ()
    keys = [figure.key for figure in first if isinstance(figure.value, int | float)]
    key = next((wanted for wanted in ("count", "high", "borda", "points", "mean", "median") if wanted in keys),
               keys[0] if keys else None)
    if key is None:
        return None
    found = [(line.text, figure) for line in poll.lines for figure in line.figures
             if figure.key == key and isinstance(figure.value, int | float)]
    return Bars(names=tuple(text for text, _ in found), values=tuple(_printed(figure) for _, figure in found),
                colours=(_HIGH,) * len(found), unit=found[0][1].label, is_lying=True)


def _printed(figure: Figure) -> float:
    """A figure as the report prints it: a slide must not have more decimals than the page."""
    return float(number_text(figure.value))


def add_chart(slide: Any, bars: Bars | None, place: tuple[int, int, int, int]) -> None:
    """Put a chart on a slide."""
    if bars is None:
        return
    data = CategoryChartData()
    data.categories = [legal_text(name) for name in bars.names]
    data.add_series(legal_text(bars.unit), bars.values)
    kind = XL_CHART_TYPE.BAR_CLUSTERED if bars.is_lying else XL_CHART_TYPE.COLUMN_CLUSTERED
    frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", legal_text(bars.words))
    _dress(frame.chart, bars)


def _dress(chart: Any, bars: Bars) -> None:
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(13), SOFT
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories, plot.has_data_labels = 35, False, True
    labels = plot.data_labels
    labels.font.size, labels.font.bold, labels.font.color.rgb = Pt(14), True, INK
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    for number, colour in enumerate(bars.colours):
        fill = plot.series[0].points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = type(INK).from_string(colour)
    # The bars carry their numbers; a second scale would only repeat them.
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = min(0, *bars.values)
    chart.category_axis.format.line.color.rgb = SOFT
    chart.category_axis.reverse_order = bars.is_lying
    chart.category_axis.has_major_gridlines = False


def _with_ends(poll: PollSummary, names: tuple[str, ...]) -> tuple[str, ...]:
    """The words at the ends of the scale under its first and last step."""
    if poll.scale is None or len(names) < 2:
        return names
    return (f"{names[0]}\n{poll.scale.low_label}".strip(), *names[1:-1],
            f"{names[-1]}\n{poll.scale.high_label}".strip())


def _colour(poll: PollSummary, name: str) -> str:
    if poll.scale is None or not name.lstrip("-").isdecimal():
        return _HIGH
    step = int(name)
    return _LOW if step <= poll.scale.lower_third_to else _HIGH if step >= poll.scale.upper_third_from else _MID
