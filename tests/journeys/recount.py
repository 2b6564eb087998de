"""The summary against a recount that shares nothing with the application: SQLite's rows and plain arithmetic."""

import csv
import hashlib
import io
import json
import math
import re
import statistics
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from sigforum.summaries.registry import all_formats
from tests.serving import Site

CODE = "1A"
FORMATS = ("markdown", "csv", "json", "pdf")
# A whole meeting is 12 sessions in 4 formats; a PDF takes about a second.
MADE_MS = 120_000


@dataclass(frozen=True)
class Statement:
    """What the ratings of one statement come to."""

    text: str
    counts: dict[int, int]
    median: float
    high: int
    rated: int
    outside: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share in the upper third, in percent."""
        z, n, p = 1.959963984540054, self.rated, self.high / self.rated
        middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return 100 * (middle - spread) / (1 + z * z / n), 100 * (middle + spread) / (1 + z * z / n)


def count_ratings(site: Site) -> list[Statement]:
    """Each statement of 1A's rating poll, in order, counted from its rows."""
    answers = [json.loads(row[0])["ratings"] for row in site.rows(
        "SELECT v.answer FROM votes v JOIN rounds r ON r.id = v.round_id JOIN polls p ON p.id = r.poll_id "
        "JOIN forum_sessions f ON f.id = p.forum_session_id WHERE f.code = ? AND p.kind = 'rating'", CODE)]
    found = []
    for identifier, text in site.rows(
            "SELECT o.id, o.text FROM options o JOIN polls p ON p.id = o.poll_id WHERE p.kind = 'rating' "
            "ORDER BY o.position"):
        given = [answer[f"o{identifier}"] for answer in answers]
        ratings = [one for one in given if one != "x"]
        found.append(Statement(text, dict(Counter(ratings)), statistics.median(ratings),
                               sum(one >= 7 for one in ratings), len(ratings), given.count("x")))
    return found


def count_points(site: Site) -> dict[str, tuple[int, int, int]]:
    """(points, voters, most from one) by response of 1A."""
    laid: dict[str, list[int]] = {f"r{row[0]}": [] for row in site.rows(
        "SELECT r.id FROM responses r JOIN forum_sessions f ON f.id = r.forum_session_id WHERE f.code = ? "
        "AND r.parent_id IS NULL AND r.withdrawn_at IS NULL AND r.hidden_at IS NULL", CODE)}
    for row in site.rows("SELECT v.answer FROM votes v JOIN rounds r ON r.id = v.round_id "
                         "JOIN polls p ON p.id = r.poll_id JOIN forum_sessions f ON f.id = p.forum_session_id "
                         "WHERE f.code = ? AND p.is_standing", CODE):
        for key, points in json.loads(row[0])["points"].items():
            laid[key].append(points)
    return {key: (sum(all_points), len(all_points), max(all_points, default=0)) for key, all_points in laid.items()}


def check_summary_page(ada: Page, site: Site, slug: str) -> None:
    """The page says what the rows say."""
    ada.goto(f"/meetings/{slug}/sessions/{CODE}/summary")
    statements = count_ratings(site)
    assert [one.rated for one in statements] == [2, 1]
    for number, one in enumerate(statements):
        shown = ada.locator(".statement").nth(number)
        expect(shown.locator("h4")).to_contain_text(one.text)
        expect(shown.locator("dl div").filter(has_text=re.compile("^Median"))).to_contain_text(f"{one.median:g}")
    points = sorted(count_points(site).values(), reverse=True)
    rows = ada.locator(".summary-ranking tbody tr")
    expect(rows).to_have_count(len(points))
    for number, (laid, voters, most) in enumerate(points):
        numbers = [str(number + 1), str(laid), str(voters), str(most)]
        expect(rows.nth(number).locator("td.is-number")).to_have_text(numbers)


def check_downloads(ada: Page, site: Site, slug: str, folder: Path) -> None:
    """Every file is made by the worker, with progress, and says what the rows say."""
    made = {name: _make(ada, slug, name, folder) for name in FORMATS}
    statements, points = count_ratings(site), count_points(site)
    _check_json(json.loads(made["json"]), statements, points)
    _check_csv(made["csv"].decode("utf-8-sig"), statements, points)
    printed = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"])).pages)
    for text in (made["markdown"].decode(), printed):
        flat = " ".join(text.split())
        for one in statements:
            assert one.text in flat
            assert f"{one.high} of {one.rated} (" in flat
            assert f"{one.interval[0]:.1f} to {one.interval[1]:.1f} %" in flat
        assert "Release testing in" in flat
    archive = zipfile.ZipFile(io.BytesIO(_make(ada, slug, "zip", folder)))
    manifest = json.loads(archive.read("manifest.json"))
    files = [file for entry in manifest["sessions"] for file in entry["files"]]
    # Every session in every format, and beside them a sheet for each round that was revealed.
    sheets = [file for file in files if "/tally-" in file["path"] or "/interim-" in file["path"]]
    assert (len(manifest["sessions"]), len(files) - len(sheets)) == (12, 12 * len(all_formats()))
    assert len(sheets) >= 1
    assert all(hashlib.sha256(archive.read(file["path"])).hexdigest() == file["sha256"] for file in files)
    in_bundle = next(name for name in archive.namelist() if name.startswith(f"{CODE}/")
                     and name.endswith("-summary.json"))
    _check_json(json.loads(archive.read(in_bundle)), statements, points)


def _make(ada: Page, slug: str, name: str, folder: Path) -> bytes:
    """Ask for a file, watch it being made, and download it."""
    ada.goto(f"/meetings/{slug}/exports?session={CODE}")
    before = ada.locator(".job").count()
    expect(ada.locator("#connection")).to_have_attribute("data-state", "live")
    ada.locator(f"button[name=format][value={name}]").click()
    expect(ada.locator(".job")).to_have_count(before + 1)
    if name == "zip":
        # Long enough to be watched: the bar moves on the open page.
        expect(ada.locator(".job progress")).to_be_visible()
        expect(ada.locator(".job-percent")).not_to_have_text("0 %", timeout=MADE_MS)
    expect(ada.locator(".job a")).to_have_count(before + 1, timeout=MADE_MS)
    link = ada.locator(f".job a[href$='.{name.replace('markdown', 'md')}']")
    with ada.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    content = path.read_bytes()
    expect(link.locator("xpath=..").locator(".hash")).to_contain_text(hashlib.sha256(content).hexdigest()[:8])
    return content


def _check_json(found: dict[str, Any], statements: list[Statement], points: dict[str, tuple[int, int, int]]) -> None:
    lines = found["polls"][0]["lines"]
    assert [line["text"] for line in lines] == [one.text for one in statements]
    for line, one in zip(lines, statements, strict=True):
        assert line["median"] == one.median
        assert {int(step["step"]): step["count"] for step in line["distribution"] if step["count"]} == one.counts
        assert (line["share"]["count"], line["share"]["total"]) == (one.high, one.rated)
        assert abs(line["share"]["low_percent"] - one.interval[0]) < 0.01
        assert abs(line["share"]["high_percent"] - one.interval[1]) < 0.01
        assert line["outside_expertise"] == one.outside
    shown = {item["key"].removeprefix("response-"): (item["points"], item["voters"], item["largest_single"])
             for item in found["priorities"]["items"]}
    assert {key.lstrip("r"): numbers for key, numbers in points.items()} == {
        key.lstrip("r"): numbers for key, numbers in shown.items()}


def _check_csv(text: str, statements: list[Statement], points: dict[str, tuple[int, int, int]]) -> None:
    rows = list(csv.DictReader(io.StringIO(text)))

    def values(section: str, measure: str) -> list[str]:
        return [row["value"] for row in rows if row["section"] == section and row["measure"] == measure]
    assert values("statement", "text") == [one.text for one in statements]
    assert [float(value) for value in values("statement", "median")] == [one.median for one in statements]
    assert [int(value) for value in values("statement", "upper_third_count")] == [one.high for one in statements]
    assert sorted(zip(map(int, values("priority", "points")), map(int, values("priority", "voters")),
                      map(int, values("priority", "largest_single")), strict=True)) == sorted(points.values())
