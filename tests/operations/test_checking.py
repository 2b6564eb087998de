"""`sigforum check` names what is unsafe, and the web process does not start with the worst of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sigforum.operations.checking import concerns
from sigforum.settings import Settings

SAFE = Settings(secret_key="0f1e2d3c4b5a69788796a5b4c3d2e1f0", instance=Path("nowhere"), proxies=1,
                base_url="https://forum.example.org", smtp_url="smtps://user:word@mail.example.org",
                mail_from="sigforum <forum@example.org>")


def changed(**fields: object) -> list[tuple[str, bool]]:
    values = {name: getattr(SAFE, name) for name in SAFE.__dataclass_fields__} | fields
    return [(one.setting, one.is_refused) for one in concerns(Settings(**values))]


def test_safe_configuration_has_no_concern() -> None:
    assert changed() == []


@pytest.mark.parametrize(("fields", "expected"), [
    ({"secret_key": "short"}, ("SIGFORUM_SECRET_KEY", True)),
    ({"secret_key": "a" * 64}, ("SIGFORUM_SECRET_KEY", True)),
    ({"secret_key": "my-sigforum-secret-for-the-meeting-2026"}, ("SIGFORUM_SECRET_KEY", True)),
    ({"base_url": "http://forum.example.org"}, ("SIGFORUM_BASE_URL", False)),
    ({"smtp_url": "smtp://user:word@mail.example.org:587"}, ("SIGFORUM_SMTP_URL", True)),
    ({"smtp_url": ""}, ("SIGFORUM_SMTP_URL", False)),
    ({"mail_from": "sigforum <no-reply@localhost>"}, ("SIGFORUM_MAIL_FROM", False)),
    ({"demo": True}, ("SIGFORUM_DEMO", True)),
    ({"sign_in_minutes": 9999}, ("SIGFORUM_SIGN_IN_MINUTES", False)),
    ({"proxies": 0}, ("SIGFORUM_PROXIES", False)),
    ({"async_mode": "threading"}, ("SIGFORUM_ASYNC_MODE", False)),
])
def test_each_danger_is_named(fields: dict[str, object], expected: tuple[str, bool]) -> None:
    assert changed(**fields) == [expected]


def test_readable_files_are_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert changed(instance=tmp_path) == [("SIGFORUM_INSTANCE", False)]
    tmp_path.chmod(0o750)
    assert changed(instance=tmp_path) == []


def test_local_trials_are_left_alone() -> None:
    assert changed(base_url="http://127.0.0.1:5000", proxies=0, smtp_url="", demo=True) == []


def test_serving_with_a_guessable_secret_is_refused(tmp_path: Path) -> None:
    environ = {**os.environ, "SIGFORUM_SECRET_KEY": "changeme", "SIGFORUM_BASE_URL": "https://forum.example.org",
               "SIGFORUM_INSTANCE": str(tmp_path)}
    for command in (["serve", "--port", "0"], ["check"]):
        done = subprocess.run([Path(sys.executable).with_name("sigforum"), *command], env=environ,
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert "SIGFORUM_SECRET_KEY" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
