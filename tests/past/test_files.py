"""Files of version 0.1.0 are read, counted again and restored as they were."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sigforum.app import create_app
from sigforum.audit import queries as audit
from sigforum.extensions import db
from sigforum.operations.restore import restore_backup
from sigforum.verification.cli import verify
from tests.operations.test_cli import run
from tests.past.conftest import FILES, past_settings, read_facts

# As that version's own `sigforum verify` found them.
BUNDLES = {"bundle.zip": (229, 512, 4), "bundle-sample.zip": (40, 376, 2)}


@pytest.mark.parametrize("name", BUNDLES)
def test_bundle_counts_again(name: str) -> None:
    ballots, held, withheld = BUNDLES[name]
    done = CliRunner().invoke(verify, [str(FILES / name), "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.output)[0]
    assert report["ballots"] == ballots
    assert report["counts"].get("differs", 0) == 0
    assert report["counts"]["holds"] >= held
    assert report["counts"]["withheld"] == withheld


def test_sheets_count_again() -> None:
    sheets = sorted((FILES / "sheets").glob("*.json"))
    assert len(sheets) == 22
    done = CliRunner().invoke(verify, [*map(str, sheets), "--json"])
    assert done.exit_code == 0, done.output
    reports = json.loads(done.output)
    assert [report["holds"] for report in reports] == [True] * len(sheets)
    assert sum(report["counts"]["holds"] for report in reports) > 150


@pytest.mark.both_databases
def test_backup_is_restored(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    settings, facts = past_settings(tmp_path, database, request, name="restored"), read_facts(database)
    app = create_app(settings)
    with app.app_context():
        manifest = restore_backup(FILES / f"backup-{database}.tar.gz", settings, replace=False, accepts_unsealed=True)
        assert {name: manifest["rows"][name] for name in facts["rows"]} == facts["rows"]
        assert {str(chain): audit.problems(chain) for chain in audit.chains()} == {
            chain: [] for chain in facts["audit_entries"]}
        exports = [path for path in settings.instance.glob("exports/*/*") if path.is_file()]
        assert [path.suffix for path in exports] == [".json"]
        db.session.remove()
        db.engine.dispose()


def test_command_restores_a_backup_without_a_seal_where_that_is_accepted(tmp_path: Path) -> None:
    file = str(FILES / "backup-sqlite.tar.gz")
    refused = run(tmp_path, "restore", file)
    assert (refused.returncode, "--accept-unsealed" in refused.stderr) == (1, True), refused.stderr
    done = run(tmp_path, "restore", file, "--accept-unsealed")
    assert (done.returncode, "154 responses" in done.stdout) == (0, True), done.stderr
