"""`sigforum summary export`: the same files from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from sigforum.exports.cli import summary as summary_command
from sigforum.summaries import assemble
from sigforum.summaries.formats.json_data import FORMAT as JSON
from sigforum.summaries.registry import all_formats
from tests.casting import Cast
from tests.summaries.panel import Panel


def test_command_writes_one_session_or_all(app: Flask, panel: Panel, tmp_path: Path) -> None:
    slug = panel.cast.slug
    run = app.test_cli_runner(catch_exceptions=False).invoke
    done = run(summary_command, ["export", "--format", "json", "--out", str(tmp_path / "a"), "--session", "1a",
                                 "--meeting", slug])
    assert done.output == f"{tmp_path}/a/sigforum-1A-summary.json\n"
    assert (tmp_path / "a" / "sigforum-1A-summary.json").read_bytes() == JSON.write(
        assemble.session_summary(panel.forum_session))
    run(summary_command, ["export", "--format", "markdown", "--out", str(tmp_path / "b"), "--meeting", slug])
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        "sigforum-1A-summary.md", "sigforum-1B-summary.md"]
    run(summary_command, ["export", "--format", "zip", "--out", str(tmp_path / "c"), "--meeting", slug])
    assert [path.name for path in (tmp_path / "c").iterdir()] == [f"sigforum-{slug}-summary.zip"]


@pytest.mark.parametrize(("arguments", "words"), [
    (["--format", "odt"], f"There is no format 'odt'. There are: {', '.join(all_formats())}, zip."),
    (["--format", "csv", "--session", "9Z"], "There is no session '9Z' in this meeting. Its sessions: 1A, 1B."),
    (["--format", "zip", "--session", "1A"], "zip holds the whole meeting; leave --session out."),
    (["--format", "csv", "--meeting", "nope"], "There is no meeting 'nope'."),
])
def test_command_says_what_is_wrong(app: Flask, cast: Cast, tmp_path: Path, arguments: list[str],
                                    words: str) -> None:
    if "--meeting" not in arguments:
        arguments = [*arguments, "--meeting", cast.slug]
    found: CliRunner = app.test_cli_runner()
    done = found.invoke(summary_command, ["export", "--out", str(tmp_path / "out"), *arguments])
    assert done.exit_code != 0
    assert words in done.output or str(done.exception) == words
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_command_asks_which_meeting_where_there_are_several(app: Flask, cast: Cast, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(
        summary_command, ["export", "--format", "csv", "--out", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert cast.slug in done.output
    assert cast.other_slug in done.output
