"""Numbers that read alike wherever they are printed: products over groups, medians in drawings, figures on slides."""

from dataclasses import replace

from sigforum.summaries import assemble
from sigforum.summaries.document.groups import GroupSize, GroupsLine, PollGroups
from sigforum.summaries.document.polls import Figure
from sigforum.summaries.groups_outline import groups
from sigforum.summaries.office.slide_charts import bars_of_options
from sigforum.summaries.printing import histogram
from tests.summaries.panel import Panel


def rows_of_groups(panel: Panel, *lines: GroupsLine) -> list[tuple[str, ...]]:
    document = assemble.session_summary(panel.forum_session)
    told = PollGroups(counted="rated 7 or more", refused="", found=None, lines=lines, groups=(
        GroupSize(label="Industry", voters=18), GroupSize(label="Clinical", voters=20)))
    planted = replace(document, polls=(replace(document.polls[0], groups=told),))
    return [row for block in groups(planted) for row in getattr(block, "rows", ())]


def line(key: str, *, cells: tuple[str, ...], count: int, shared: float | None) -> GroupsLine:
    return GroupsLine(key=key, text=f"Statement {key}", cells=cells, count=count, shared=shared)


def test_small_products_over_groups_are_not_printed_as_nothing(panel: Panel) -> None:
    panel.rate()
    rows = rows_of_groups(panel, *(
        line(f"o{place}", cells=("4", "5"), count=9, shared=shared)
        for place, shared in enumerate((0.0043, 0.1745, 0.1712, 0.000012))))
    told = [row[-1] for row in rows]
    assert told == ["0.0043", "0.174", "0.171", "under 0.0001"]


def test_nothing_is_kept_back_where_nobody_did(panel: Panel) -> None:
    panel.rate()
    rows = rows_of_groups(panel, line("o1", cells=("not told", "not told"), count=0, shared=None),
                          line("o2", cells=("not told", "not told"), count=3, shared=None))
    assert [row[1:] for row in rows] == [("0", "0", "0", "–"), ("not told", "not told", "3", "–")]


def test_a_drawing_names_a_whole_median_without_decimals(panel: Panel) -> None:
    panel.rate()
    poll = assemble.session_summary(panel.forum_session).polls[0]
    drawn = histogram(poll, replace(poll.lines[0], median=8.0))
    assert "; median 8\"" in drawn
    assert "median 8.0" not in drawn


def test_a_slide_prints_a_figure_as_the_report_does(panel: Panel) -> None:
    panel.rate()
    poll = assemble.session_summary(panel.forum_session).polls[0]
    mean = Figure(key="mean", label="Mean of medians", value=2.625, text="2.62")
    bars = bars_of_options(replace(poll, lines=(replace(poll.lines[0], figures=(mean,)),)))
    assert bars is not None
    assert (bars.values, bars.words) == ((2.62,), f"Mean of medians: 2.62 at {poll.lines[0].text}")
