"""The measurements still run and still print what they promise; how fast it is, is not judged here."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("module", "arguments", "parts"), [
    ("bench.pages", ["--seconds", "0.1", "--counts", "5", "20"], {
        "yardstick", "5 responses", "20 responses", "web process"}),
    ("bench.votes", ["--seconds", "0.5", "--voters", "4"], {"yardstick", "votes"}),
    ("bench.numbers", ["--people", "30", "--items", "5", "--ballots", "300"], {
        "yardstick", "milliseconds", "ranked ballots"}),
    ("bench.search", ["--responses", "500", "--queries", "3"], {
        "setting", "bare scan", "a rare word", "a common word", "a beginning of three letters",
        "a rare and a common word", "a phrase of two common words"}),
])
def test_measurement_prints_its_figures(module: str, arguments: list[str], parts: set[str]) -> None:
    done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert set(report) == parts
    figures = [figure for part in report.values() for figure in part.values() if isinstance(figure, (int, float))]
    assert all(figure > 0 for figure in figures)
    assert len(set(figures)) > 2


def test_live_room_loses_nothing_at_any_size() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.live", "--seconds", "0.4", "--people", "12",
         "--only", "votes of 50", "broadcasts", "congress", "cut off"],
        cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert set(report) == {"machine", "votes of 50", "broadcasts", "congress", "cut off"}
    votes, congress, back = report["votes of 50"], report["congress"], report["cut off"]
    assert votes["alone"]["a second"] > 0
    assert votes["alone"]["stored, not acknowledged"] == votes["before listeners"]["stored, not acknowledged"] == 0
    assert report["broadcasts"]["product"]["messages"] >= report["broadcasts"]["screens"]
    assert (congress["votes"], congress["votes lost"], congress["connections lost"]) == (240, 0, 0)
    assert (back["resumed"], back["missed something or too much"]) == (12, 0)


def test_every_measurement_is_in_the_documentation() -> None:
    documents = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))
    named = set(re.findall(r"python -m (bench\.[a-z_]+)", documents))
    programs = {f"bench.{path.relative_to(ROOT / 'bench').parts[0].removesuffix('.py')}"
                for path in (ROOT / "bench").rglob("*.py") if "argparse" in path.read_text("utf-8")}
    assert len(programs) > 10
    assert programs - named == set()
