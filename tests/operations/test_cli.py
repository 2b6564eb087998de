"""The command line as an operator meets it: a real process, its exit status, and one line for each refusal."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigforum.cli import main
from tests.architecture.source import ROOT

AGENDA = "Cells\n16 June 2026\n\n1A. Making cells\nCentral question: How should cells be made?\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the newest tables and nothing in them."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "agenda.txt").write_text(AGENDA)
    assert run(folder, "upgrade").returncode == 0
    return folder


def own_settings(folder: Path) -> dict[str, str | None]:
    """The settings of the instance in a folder."""
    return {"SIGFORUM_SECRET_KEY": "a secret of the tests", "SIGFORUM_INSTANCE": str(folder / "instance")}


def run(folder: Path, *arguments: str, **changed: str | None) -> "subprocess.CompletedProcess[str]":
    """Run `sigforum <arguments>` with an environment of its own; a setting of None is not set."""
    environ: dict[str, str | None] = {name: value for name, value in os.environ.items()
                                      if not name.startswith("SIGFORUM_")}
    environ |= own_settings(folder) | changed
    return subprocess.run([sys.executable, "-m", "sigforum", *arguments], cwd=folder, timeout=60, text=True,
                          capture_output=True, check=False,
                          env={name: value for name, value in environ.items() if value is not None})


def error(done: "subprocess.CompletedProcess[str]", *, status: int = 1) -> str:
    """The one line with which a command was refused."""
    assert done.returncode == status, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr
    assert lines[-1].startswith("Error: ")
    return lines[-1]


@pytest.mark.parametrize("command", ["upgrade", "work", "serve"])
def test_missing_secret_is_one_line(folder: Path, command: str) -> None:
    assert "SIGFORUM_SECRET_KEY is not set" in error(run(folder, command, SIGFORUM_SECRET_KEY=None))


def test_every_bad_setting_has_its_line(folder: Path) -> None:
    done = run(folder, "upgrade", SIGFORUM_MAX_UPLOAD_MB="many", SIGFORUM_ASYNC_MODE="gevent")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert sorted(line.removeprefix("Error: ").split(" ")[0] for line in done.stderr.strip().splitlines()) == [
        "SIGFORUM_ASYNC_MODE", "SIGFORUM_MAX_UPLOAD_MB"]


def test_version_and_help_need_no_settings(folder: Path) -> None:
    done = run(folder, "--version", SIGFORUM_SECRET_KEY=None)
    assert (done.returncode, done.stdout.startswith("sigforum, version ")) == (0, True)
    done = run(folder, "--help", SIGFORUM_SECRET_KEY=None)
    assert done.returncode == 0
    for command in ("agenda", "demo", "organizer", "people", "serve", "summary", "upgrade", "work"):
        assert f"  {command} " in done.stdout


def test_parsing_an_agenda_needs_no_settings_and_stores_nothing(folder: Path) -> None:
    done = run(folder, "agenda", "parse", "agenda.txt", "--json", SIGFORUM_SECRET_KEY=None)
    assert done.returncode == 0, done.stderr
    assert '"title": "Cells"' in done.stdout


@pytest.mark.parametrize(("arguments", "status", "words"), [
    (("agenda", "parse", "missing.txt"), 2, "missing.txt"),
    (("agenda", "import", "agenda.txt", "--organizer", "nobody@example.org"), 1, "nobody@example.org"),
    (("agenda", "import", "agenda.txt", "--meeting", "none"), 1, "There is no meeting 'none'."),
    (("agenda", "export", "none"), 1, "There is no meeting 'none'."),
    (("people", "link", "nobody@example.org"), 1, "nobody@example.org"),
    (("people", "invite", "none", "agenda.txt", "--as", "nobody@example.org"), 1, "n"),
    (("summary", "export", "--format", "csv", "--out", "out", "--meeting", "none"), 1, "There is no meeting"),
    (("summary", "export", "--format", "scroll", "--out", "out"), 1, "There is no format 'scroll'"),
    (("organizer", "add", "no address", "--name", "A"), 1, "address"),
    (("serve", "--port", "many"), 2, "many"),
    (("unknown",), 2, "unknown"),
])
def test_what_cannot_be_done_is_one_line_and_a_status(
        folder: Path, arguments: tuple[str, ...], status: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    # In this process: a new one for each would only import everything again.
    done = CliRunner().invoke(main, arguments, env=own_settings(folder))
    assert words in error(subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr),
                          status=status)


def test_first_commands_lead_to_a_meeting(folder: Path) -> None:
    made = run(folder, "organizer", "add", "ada@example.org", "--name", "Ada Organizer",
               SIGFORUM_BASE_URL="https://forum.example.org")
    assert made.returncode == 0
    assert "https://forum.example.org/sign-in/" in made.stdout
    imported = run(folder, "agenda", "import", "agenda.txt", "--organizer", "ada@example.org")
    assert "The meeting is ready: cells" in imported.stdout
    (folder / "people.csv").write_text("name,email\nBen,ben@example.org\n")
    invited = run(folder, "people", "invite", "cells", "people.csv", "--as", "ada@example.org")
    assert invited.returncode == 0, invited.stderr
    assert run(folder, "people", "link", "ben@example.org").returncode == 0
    exported = run(folder, "agenda", "export", "cells")
    assert "How should cells be made?" in exported.stdout
    again = run(folder, "agenda", "import", "agenda.txt", "--meeting", "cells")
    assert "Nothing changes." in again.stdout


def test_commands_know_an_instance_that_a_demo_made(folder: Path, tmp_path: Path) -> None:
    """The demo made its own secret; a command beside it needs no other."""
    assert run(tmp_path, "upgrade", SIGFORUM_DEMO="1", SIGFORUM_SECRET_KEY=None).returncode == 0
    done = run(tmp_path, "summary", "export", "--format", "json", "--out", "out", SIGFORUM_SECRET_KEY=None)
    assert error(done) == "Error: There is no meeting yet. Import an agenda first."


def test_upgrade_is_safe_to_repeat(folder: Path) -> None:
    # The folder of these tests has been brought up to date once already.
    assert run(folder, "upgrade").stdout == "The database is up to date.\n"


def test_database_that_does_not_answer_is_a_clear_error(folder: Path) -> None:
    done = run(folder, "upgrade", SIGFORUM_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert "The database cannot be used" in error(done)


def test_database_without_tables_leads_to_upgrade(folder: Path) -> None:
    done = run(folder, "people", "link", "ben@example.org", SIGFORUM_INSTANCE=str(folder / "fresh"))
    assert "sigforum upgrade" in error(done)


@pytest.mark.parametrize(("command", "said"), [
    (("current",), "(head)"), (("check",), "No new upgrade operations detected."),
    (("show", "0001"), "Revision ID: 0001"),
    (("upgrade",), "")], ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_commands_of_tables_run(folder: Path, command: tuple[str, ...], said: str) -> None:
    done = run(folder, "tables", *command)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


def test_new_revision_is_written_into_the_folder_that_is_named(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    done = run(folder, "tables", "revision", "-m", "what changed", "-d", str(tmp_path / "migrations"))
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "migrations" / "versions").glob("*what_changed.py"))
