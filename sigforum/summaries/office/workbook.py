"""The summary as a workbook: numbers as numbers, a sheet for each kind of thing, charts, and a codebook."""

import io
from typing import Any

import xlsxwriter

from sigforum.kernel.text import is_formula
from sigforum.summaries.document.plain import plain
from sigforum.summaries.document.summary import Summary
from sigforum.summaries.office.archive import newest_moment, settled
from sigforum.summaries.office.sheets import FORMS, Sheet, codebook, sheets
from sigforum.summaries.wording import legal_text

# No cell can hold more.
_LONGEST = 32_767
_PETROL = "#0B5A61"
# So many bars are read at a glance; the whole ranking stands on its sheet.
_MOST_BARS = 12


def write_workbook(summary: Summary) -> bytes:
    """The file. Every sheet is a plain table with one header row, so that other programs can read it too."""
    moment = newest_moment(summary)
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                          "strings_to_numbers": False})
    book.set_properties({
        "title": legal_text(f"Summary of {summary.title}")[:255], "subject": legal_text(summary.meeting.title)[:255],
        "comments": "Sample data: invented people, invented discussion." if summary.meeting.is_sample else "",
        "created": moment.replace(tzinfo=None)})
    writer = _Writer(book)
    found = list(sheets(summary))
    pages = {sheet.name: writer.add(sheet) for sheet in [*found, codebook(found)]}
    rows = {sheet.name: sheet.rows for sheet in found}
    _distribution_charts(book, pages["Distributions"], rows["Distributions"])
    _priority_charts(book, pages["Priorities"], rows["Priorities"])
    book.close()
    return settled(out.getvalue(), moment)


class _Writer:
    """Writes tables into sheets of their own."""

    def __init__(self, book: Any) -> None:
        self._book = book
        look = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._head = book.add_format({**look, "bold": True, "bottom": 1, "text_wrap": True, "font_color": "#FFFFFF",
                                      "bg_color": _PETROL, "valign": "vcenter"})
        self._text = book.add_format({**look, "text_wrap": True})
        # Kept as text also when somebody edits the cell.
        self._quoted = book.add_format({**look, "text_wrap": True, "quote_prefix": True})
        self._numbers = {form: book.add_format({**look, "num_format": form}) for form in FORMS if form}

    def add(self, sheet: Sheet) -> Any:
        """A sheet with a frozen header row that filters."""
        page = self._book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.name, self._head)
        for number, row in enumerate(sheet.rows, start=1):
            for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
                self._cell(page, number, place, value, column.form)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
        return page

    def _cell(self, page: Any, row: int, place: int, value: Any, form: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            page.write_string(row, place, "yes" if value else "no", self._text)
        elif isinstance(value, int | float):
            page.write_number(row, place, value, self._numbers[form or "0.##"])
        else:
            text = legal_text(str(plain(value)))
            if len(text) > _LONGEST:
                text = text[:_LONGEST - 1] + "…"
            page.write_string(row, place, text, self._quoted if is_formula(text) else self._text)


def _distribution_charts(book: Any, page: Any, rows: list[tuple[Any, ...]]) -> None:
    """A chart for each statement beside its rows of answers."""
    begins = [number for number, row in enumerate(rows) if number == 0 or rows[number - 1][:3] != row[:3]]
    for place, first in enumerate(begins):
        last = begins[place + 1] if place + 1 < len(begins) else len(rows)
        _, _, _, label, text = rows[first][:5]
        chart = book.add_chart({"type": "column"})
        chart.add_series({
            "name": legal_text(f"{label}"), "categories": ["Distributions", first + 1, 5, last, 5],
            "values": ["Distributions", first + 1, 6, last, 6], "fill": {"color": _PETROL}, "gap": 40,
            "data_labels": {"value": True}})
        # The chart's title names the statement; the words stand in the rows beside it.
        _finish(chart, title=f"{rows[first][0]} {label}", unit="People")
        answers = ", ".join(f"{row[6]} at {row[5]}" for row in rows[first:last])
        page.insert_chart(1 + 16 * place, 8, chart, {
            "description": legal_text(f"{label}, {text} Distribution of answers: {answers}"), "object_position": 3})


def _priority_charts(book: Any, page: Any, rows: list[tuple[Any, ...]]) -> None:
    """A chart for each forum session: the first ranks by points."""
    codes = dict.fromkeys(row[0] for row in rows if row[4])
    for place, code in enumerate(codes):
        numbers = [number for number, row in enumerate(rows) if row[0] == code and row[4]][:_MOST_BARS]
        first, last = numbers[0] + 1, numbers[-1] + 1
        chart = book.add_chart({"type": "bar"})
        chart.add_series({
            "name": "Points", "categories": ["Priorities", first, 2, last, 2],
            "values": ["Priorities", first, 4, last, 4], "fill": {"color": _PETROL}, "gap": 40,
            "data_labels": {"value": True}})
        chart.set_y_axis({"reverse": True, "num_font": {"color": "#474C54"}})
        _finish(chart, title=f"{code}: points of the first {len(numbers)} responses", unit="")
        points = ", ".join(f"{rows[number][2]}: {rows[number][4]}" for number in numbers)
        page.insert_chart(1 + 16 * place, 8, chart, {
            "description": legal_text(f"Points by response in {code}: {points}"), "object_position": 3})


def _finish(chart: Any, *, title: str, unit: str) -> None:
    chart.set_title({"name": legal_text(title), "name_font": {"size": 12, "color": "#1A1D21"}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_size({"width": 560, "height": 300})
    if unit:
        chart.set_y_axis({"name": unit, "major_gridlines": {"visible": True, "line": {"color": "#E4E0D6"}},
                          "num_format": "0", "min": 0})
