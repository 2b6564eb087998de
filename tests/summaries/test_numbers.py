"""The same numbers in every format, equal to a recount made straight from the tables."""

import csv
import io
import json
import math
import re
from collections import Counter
from statistics import median, quantiles

import pytest
from sqlalchemy import text

from sigforum.extensions import db
from sigforum.summaries.assemble import session_summary
from sigforum.summaries.formats.csv_tables import FORMAT as CSV
from sigforum.summaries.formats.json_data import FORMAT as JSON
from sigforum.summaries.formats.markdown import FORMAT as MARKDOWN
from sigforum.summaries.formats.pdf import FORMAT as PDF
from tests.summaries.panel import Panel, readable


def recount(poll_id: int) -> list[dict[str, object]]:
    """The figures of each statement from the bare rows, with none of the application's code."""
    answers = [json.loads(row) if isinstance(row, str) else row for row in db.session.scalars(text(
        "select votes.answer from votes join rounds on rounds.id = votes.round_id "
        "where rounds.poll_id = :poll"), {"poll": poll_id})]
    options = db.session.scalars(
        text("select id from options where poll_id = :poll order by position"), {"poll": poll_id}).all()
    found = []
    for option in options:
        given = [answer["ratings"][f"o{option}"] for answer in answers if "ratings" in answer]
        ratings = [value for value in given if value != "x"]
        high, n = sum(value >= 7 for value in ratings), len(ratings)
        z = 1.959963984540054
        centre, margin = high / n + z * z / (2 * n), z * math.sqrt(
            high / n * (1 - high / n) / n + z * z / (4 * n * n))
        lower, _, upper = quantiles(ratings, n=4, method="inclusive")
        found.append({
            "rated": n, "outside": len(given) - n, "median": median(ratings), "iqr": upper - lower, "high": high,
            "percent": 100 * high / n, "low_percent": 100 * (centre - margin) / (1 + z * z / n),
            "high_percent": 100 * (centre + margin) / (1 + z * z / n),
            "distribution": [Counter(ratings)[step] for step in range(1, 10)]})
    assert len({str(one) for one in found}) == len(found), "equal lines would hide that one stands for all"
    return found


def recount_points(panel: Panel) -> dict[str, tuple[int, int, int]]:
    """Points, voters and the largest single lot of each response from the bare rows."""
    laid: dict[str, list[int]] = {}
    for row in db.session.scalars(text(
            "select votes.answer from votes join rounds on rounds.id = votes.round_id "
            "where rounds.poll_id = :poll"), {"poll": panel.priorities().id}):
        for key, points in (json.loads(row) if isinstance(row, str) else row)["points"].items():
            laid.setdefault(key, []).append(points)
    return {key: (sum(points), len(points), max(points)) for key, points in laid.items()}


def test_json_equals_a_recount_of_the_votes(panel: Panel) -> None:
    poll = panel.rate()
    found = json.loads(JSON.write(session_summary(panel.forum_session)))
    lines = found["polls"][0]["lines"]
    for line, expected in zip(lines, recount(poll.id), strict=True):
        assert line["median"] == expected["median"]
        assert line["iqr"] == expected["iqr"]
        assert line["outside_expertise"] == expected["outside"]
        assert (line["share"]["count"], line["share"]["total"]) == (expected["high"], expected["rated"])
        for name in ("percent", "low_percent", "high_percent"):
            assert line["share"][name] == pytest.approx(expected[name], abs=1e-5)
        assert [step["count"] for step in line["distribution"]] == expected["distribution"]
    assert found["polls"][0]["turnout"] == {
        "invited": 11, "entitled": 9, "recused": 0, "answered": 9, "abstained": 1, "outside_expertise": None}
    assert {item["key"]: (item["points"], item["voters"], item["largest_single"])
            for item in found["priorities"]["items"]} == recount_points(panel)


def test_csv_equals_a_recount_of_the_votes(panel: Panel) -> None:
    poll = panel.rate()
    rows = list(csv.DictReader(io.StringIO(CSV.write(session_summary(panel.forum_session)).decode("utf-8-sig"))))
    cells = {(row["section"], row["item"], row["measure"]): row["value"] for row in rows}
    assert len(cells) == len(rows)
    for option, expected in zip(poll.options, recount(poll.id), strict=True):
        key = f"o{option.id}"
        assert float(cells["statement", key, "median"]) == expected["median"]
        assert float(cells["statement", key, "iqr"]) == expected["iqr"]
        assert int(cells["statement", key, "upper_third_count"]) == expected["high"]
        assert int(cells["statement", key, "upper_third_total"]) == expected["rated"]
        assert float(cells["statement", key, "upper_third_low_percent"]) == pytest.approx(
            expected["low_percent"], abs=1e-5)
        assert [int(cells["distribution", key, str(step)]) for step in range(1, 10)] == expected["distribution"]
    for key, (points, voters, largest) in recount_points(panel).items():
        assert [int(cells["priority", key, name]) for name in ("points", "voters", "largest_single")] == [
            points, voters, largest]


def test_markdown_and_pdf_print_the_recounted_numbers(panel: Panel) -> None:
    poll = panel.rate()
    document = session_summary(panel.forum_session)
    markdown, pdf = MARKDOWN.write(document).decode(), readable(PDF.write(document), "pdf")
    tables = [re.split(r"\s*\|\s*", line.strip("| ")) for line in markdown.splitlines() if line.startswith("|")]
    for expected in recount(poll.id):
        share = f"{expected['high']} of {expected['rated']} ({expected['percent']:.1f} %)"
        interval = f"{expected['low_percent']:.1f} to {expected['high_percent']:.1f} %"
        figures = [str(expected["rated"]), f"{expected['median']:g}", f"{expected['iqr']:g}", share, interval]
        # Measures that a kind prints behind these have tests of their own.
        assert figures in [row[:len(figures)] for row in tables]
        outside = [below[0] for row, _, below in zip(tables, tables[1:], tables[2:], strict=False)
                   if row[0] == "Outside expertise"]
        assert str(expected["outside"]) in outside
        assert ["People", *map(str, expected["distribution"])] in tables
        assert share in pdf
        assert interval in pdf
        assert f"median {expected['median']:g}" in pdf
    ranked = sorted(recount_points(panel).values(), reverse=True)
    assert [tuple(map(int, row[2:])) for row in tables if len(row) == 5 and row[0].isdecimal()] == ranked
    for points, voters, largest in ranked:
        assert f"{points} {voters} {largest}" in pdf


def test_participation_counts_what_stands(panel: Panel) -> None:
    found = session_summary(panel.forum_session)
    counted = found.participation
    assert (counted.invited, counted.accepted, counted.posted) == (11, 10, 3)
    assert (counted.responses, counted.replies, counted.withdrawn, counted.hidden) == (3, 1, 1, 1)
    assert [(question.responses, question.replies, question.withdrawn, question.hidden_reasons)
            for question in found.questions] == [(1, 1, 0, ()), (2, 0, 1, ("It names a patient.",)), (0, 0, 0, ())]


def test_summary_costs_the_same_queries_with_more_said(panel: Panel, counted_queries) -> None:
    with counted_queries() as few:
        session_summary(panel.forum_session)
    for number in range(30):
        panel.say(panel.voters[number % 8], f"Response number {number}", question=number % 3)
    db.session.rollback()
    with counted_queries() as many:
        session_summary(panel.forum_session)
    assert len(many) == len(few)
