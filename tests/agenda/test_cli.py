"""The agenda's commands, run as an operator runs them, on a real database."""

import json
import random
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from sigforum.agenda import plans, queries
from sigforum.agenda.importing.reading import read_agenda
from sigforum.cli import main
from tests.casting import AGENDA, Cast

REFUSED = {
    "no sessions": (b"A meeting\n\n16 June 2026\n\nNothing is planned.\n", "No forum session was found"),
    "not text": (b"%PDF-1.7 and so on", "PDF"),
    "wrong encoding": ("Agenda\n\n1A. Café\n".encode("latin-1"), "Line 3"),
    "half of UTF-16": (b"\xff\xfe1", "UTF-16"),
    "empty": (b"", "empty"),
    "noise": (random.Random(2).randbytes(400_000), "UTF-8"),
    "50 MB of noise": (random.Random(3).randbytes(1024 * 1024) * 50, "50 MB"),
    "two sessions with one code": (b"Meeting\n\n1A. One\n\n1A. Two\n", "already used on line 3"),
    "broken YAML": (b"sigforum-agenda: 1\ndays:\n- label: [\n", "YAML"),
}


@pytest.fixture
def sigforum(app: Flask):
    """Runs the command with the test's application at hand."""
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])
    return run


@pytest.fixture
def write(tmp_path: Path):
    """Writes a file and gives its path."""
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path
    return write


def test_parse_prints_the_agenda_as_json_and_stores_nothing(sigforum, write, whole_database) -> None:
    before = whole_database()
    result = sigforum("agenda", "parse", write("agenda.txt", AGENDA), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == read_agenda(AGENDA.encode()).to_json()
    assert whole_database() == before


def test_import_makes_a_meeting_with_its_organizer(sigforum, write) -> None:
    assert sigforum("organizer", "add", "ada@example.org", "--name", "Ada").exit_code == 0
    result = sigforum("agenda", "import", write("agenda.txt", AGENDA), "--organizer", "ada@example.org")
    assert result.exit_code == 0, result.output
    assert "1 days, 1 slots, 2 sessions, 2 central and 3 sub-questions" in result.stdout
    assert "The meeting is ready: cells-that-stay" in result.stdout
    assert plans.stored_plan(queries.meeting_by_slug("cells-that-stay")) == read_agenda(AGENDA.encode())


def test_import_with_an_unknown_organizer_stores_nothing(sigforum, write, whole_database) -> None:
    before = whole_database()
    result = sigforum("agenda", "import", write("agenda.txt", AGENDA), "--organizer", "no@example.org")
    assert result.exit_code == 1
    assert "Nobody here has the address no@example.org" in result.output
    assert whole_database() == before


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_agenda_is_refused_in_clear_words_and_nothing_is_stored(
        cast: Cast, sigforum, write, whole_database, case: str) -> None:
    data, word = REFUSED[case]
    before = whole_database()
    path = write("agenda.yaml" if "YAML" in case else "agenda.txt", data)
    for place in ([], ["--meeting", cast.slug]):
        result = sigforum("agenda", "import", path, *place)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        assert word in result.output
        assert path.name in result.output
        assert len(result.output) < 400
        assert whole_database() == before


def test_dry_run_says_what_would_change_and_stores_nothing(cast: Cast, sigforum, write, whole_database) -> None:
    newer = AGENDA.replace("Who should pay", "Who, then, should pay").replace("  • For how long", "  • How long")
    before = whole_database()
    path = write("agenda.txt", newer)
    foreseen = sigforum("agenda", "import", path, "--meeting", cast.slug, "--dry-run")
    assert foreseen.exit_code == 0
    assert "reworded: Who, then, should pay for making cells?" in foreseen.stdout
    assert whole_database() == before
    done = sigforum("agenda", "import", path, "--meeting", cast.slug)
    assert done.stdout == foreseen.stdout
    assert whole_database() != before
    assert "Nothing changes." in sigforum("agenda", "import", path, "--meeting", cast.slug).stdout


@pytest.mark.parametrize("source", ["the cast's agenda", "the sample"])
def test_exported_yaml_reads_back_unchanged(app: Flask, sigforum, write, source: str) -> None:
    sample = files("sigforum.samples").joinpath("car-t-agenda.txt").read_text(encoding="utf-8")
    text = AGENDA if source == "the cast's agenda" else sample
    made = sigforum("agenda", "import", write("agenda.txt", text))
    slug = made.stdout.strip().rpartition(" ")[2]
    exported = sigforum("agenda", "export", slug)
    assert exported.exit_code == 0
    path = write("exported.yaml", exported.stdout)
    assert "Nothing changes." in sigforum("agenda", "import", path, "--meeting", slug).stdout
    again = sigforum("agenda", "import", path).stdout.strip().rpartition(" ")[2]
    assert again == f"{slug}-2"
    assert sigforum("agenda", "export", again).stdout == exported.stdout
    assert plans.stored_plan(queries.meeting_by_slug(again)) == read_agenda(text.encode())


def test_unknown_meeting_is_one_plain_line(sigforum, app: Flask) -> None:
    result = sigforum("agenda", "export", "nowhere")
    assert result.exit_code == 1
    assert result.output == "Error: There is no meeting 'nowhere'.\n"
