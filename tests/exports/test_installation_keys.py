"""The keys of an installation: made once, shared, rotated, published, and in no backup."""

import json
import re
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from flask import Flask

from sigforum.exports.installation_keys import installation_keys, make_missing_key, rotate_key, signature_of
from sigforum.kernel.errors import Conflict
from sigforum.operations.backup import make_backup
from sigforum.operations.checking import concerns
from sigforum.settings import Settings
from sigforum.verification.ed25519 import is_signed
from tests.operations.test_cli import run

MAKE = """
import sys
from pathlib import Path
from sigforum.exports.installation_keys import make_missing_key, signature_of
import json
print(json.loads(signature_of(b"words", Path(sys.argv[1])))["public_key"])
"""


def test_first_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.json"
    assert installation_keys(path) == []
    made = make_missing_key(path)
    assert made is not None
    assert make_missing_key(path) is None
    assert [one.public_key for one in installation_keys(path)] == [made.public_key]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["signing.json"]
    assert made.private_key is not None
    assert made.private_key not in repr(made)


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    started = [subprocess.Popen([sys.executable, "-c", MAKE, str(path)], stdout=subprocess.PIPE, text=True)
               for _ in range(5)]
    used = {process.communicate(timeout=60)[0].strip() for process in started}
    assert used == {installation_keys(path)[0].public_key}


def test_rotation_keeps_public_parts_with_their_dates(tmp_path: Path) -> None:
    path = tmp_path / "signing.json"
    before = json.loads(signature_of(b"words", path))
    rotate_key(path)
    after = json.loads(signature_of(b"words", path))
    newest, oldest = installation_keys(path)
    assert (newest.public_key, oldest.public_key) == (after["public_key"], before["public_key"])
    assert (newest.retired_at, oldest.retired_at) == (None, newest.made_at)
    assert oldest.private_key is None
    for one in (before, after):
        assert is_signed(b"words", bytes.fromhex(one["signature"]), public_key=bytes.fromhex(one["public_key"]))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "sigforum-signing-keys/1", "keys": []}'])
def test_damaged_file_is_never_replaced_by_another_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "signing.json"
    path.write_text(text)
    with pytest.raises(Conflict, match="signing keys"):
        signature_of(b"words", path)
    assert path.read_text() == text


def test_public_keys_stand_on_a_page_and_in_a_list(app: Flask) -> None:
    path = app.config["SETTINGS"].signing_keys_file
    make_missing_key(path)
    rotate_key(path)
    newest, oldest = installation_keys(path)
    client = app.test_client()
    page = client.get("/keys")
    assert page.status_code == 200
    assert re.findall(r"<code class=\"hash\">([0-9a-f]{64})</code>", page.text) == [
        newest.public_key, oldest.public_key]
    listed = client.get("/.well-known/sigforum-keys.json")
    assert listed.json is not None
    assert [(one["public_key"], one["retired_at"]) for one in listed.json["keys"]] == [
        (newest.public_key, None), (oldest.public_key, newest.made_at)]
    assert newest.private_key is not None
    assert newest.private_key not in page.text + listed.text


def test_backup_holds_no_private_key(app: Flask, tmp_path: Path) -> None:
    settings = app.config["SETTINGS"]
    make_missing_key(settings.signing_keys_file)
    private = installation_keys(settings.signing_keys_file)[0].private_key
    assert private is not None
    make_backup(tmp_path / "backup.tar.gz", settings)
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        contents = [file.read() for one in archive if (file := archive.extractfile(one)) is not None]
    assert len(contents) > 1
    assert [one for one in contents if private.encode() in one or bytes.fromhex(private) in one] == []


def test_key_that_others_can_read_is_named(tmp_path: Path) -> None:
    settings = Settings(secret_key="s" * 40, instance=tmp_path)
    make_missing_key(settings.signing_keys_file)
    assert [one for one in concerns(settings) if one.setting == "SIGFORUM_SIGNING_KEYS"] == []
    settings.signing_keys_file.chmod(0o640)
    assert [one.setting for one in concerns(settings) if "keys rotate" in one.words] == ["SIGFORUM_SIGNING_KEYS"]


def test_commands_say_what_they_made(tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "elsewhere.json")
    first = run(tmp_path, "keys", "show", SIGFORUM_SIGNING_KEYS=elsewhere)
    assert (first.returncode, "A new key signs bundles" in first.stdout) == (0, True), first.stderr
    rotated = run(tmp_path, "keys", "rotate", SIGFORUM_SIGNING_KEYS=elsewhere)
    assert "Keep a copy of that file: no backup has it." in rotated.stdout
    lines = run(tmp_path, "keys", "show", SIGFORUM_SIGNING_KEYS=elsewhere).stdout.splitlines()
    assert [line.partition(", ")[2][:8] for line in lines] == ["in use", "replaced"]
    assert lines[0][:64] in rotated.stdout
    assert lines[1][:64] in first.stdout
