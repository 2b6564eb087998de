"""Settings from the environment: defaults, and one clear line for each thing that is wrong."""

from pathlib import Path

import pytest

from sigforum.kernel.errors import Invalid
from sigforum.settings import Settings

NEEDED = {"SIGFORUM_SECRET_KEY": "a secret"}


def refused(environ: dict[str, str]) -> dict[str, str]:
    """The errors by variable; each is one line that names its variable."""
    with pytest.raises(Invalid) as problem:
        Settings.from_environ(environ)
    for name, line in problem.value.errors.items():
        assert line.startswith(name)
        assert "\n" not in line
    return problem.value.errors


def test_defaults_suit_a_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environ(NEEDED)
    assert settings == Settings(secret_key="a secret", instance=tmp_path / "instance")
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/instance/sigforum.db"
    assert not settings.is_https


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = Settings.from_environ(NEEDED | {
        "SIGFORUM_INSTANCE": str(tmp_path), "SIGFORUM_DATABASE_URL": "postgresql://me@db/forum",
        "SIGFORUM_BASE_URL": "https://forum.example.org/", "SIGFORUM_SMTP_URL": "smtps://mail.example.org",
        "SIGFORUM_MAIL_FROM": "us@example.org", "SIGFORUM_ASYNC_MODE": "threading", "SIGFORUM_MAX_UPLOAD_MB": "7",
        "SIGFORUM_SIGN_IN_MINUTES": "8", "SIGFORUM_INVITATION_DAYS": "9", "SIGFORUM_PROXIES": "1",
        "SIGFORUM_DEMO": "yes"})
    assert settings == Settings(
        secret_key="a secret", instance=tmp_path, database_url="postgresql://me@db/forum",
        base_url="https://forum.example.org", smtp_url="smtps://mail.example.org", mail_from="us@example.org",
        async_mode="threading", max_upload_mb=7, sign_in_minutes=8, invitation_days=9, proxies=1, demo=True)
    assert settings.is_https
    assert settings.sqlalchemy_url == "postgresql+psycopg2://me@db/forum"


def test_missing_secret_is_refused_with_a_way_to_make_one() -> None:
    errors = refused({})
    assert set(errors) == {"SIGFORUM_SECRET_KEY"}
    assert "secrets.token_hex" in errors["SIGFORUM_SECRET_KEY"]
    assert set(refused({"SIGFORUM_SECRET_KEY": ""})) == {"SIGFORUM_SECRET_KEY"}


@pytest.mark.parametrize("name", ["MAX_UPLOAD_MB", "SIGN_IN_MINUTES", "INVITATION_DAYS"])
@pytest.mark.parametrize("value", ["0", "-1", "ten", "1.5", "1e3", "9" * 5000, "²"])
def test_bad_number_is_refused_by_its_variable(name: str, value: str) -> None:
    assert set(refused(NEEDED | {f"SIGFORUM_{name}": value})) == {f"SIGFORUM_{name}"}


def test_unknown_async_mode_is_refused() -> None:
    assert set(refused(NEEDED | {"SIGFORUM_ASYNC_MODE": "gevent"})) == {"SIGFORUM_ASYNC_MODE"}


def test_everything_wrong_is_told_at_once() -> None:
    assert set(refused({"SIGFORUM_ASYNC_MODE": "x", "SIGFORUM_MAX_UPLOAD_MB": "x"})) == {
        "SIGFORUM_SECRET_KEY", "SIGFORUM_ASYNC_MODE", "SIGFORUM_MAX_UPLOAD_MB"}


def test_demo_makes_one_secret_and_keeps_it_for_itself(tmp_path: Path) -> None:
    environ = {"SIGFORUM_DEMO": "1", "SIGFORUM_INSTANCE": str(tmp_path / "demo")}
    first, again = Settings.from_environ(environ), Settings.from_environ(environ)
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "demo" / "demo-secret").stat().st_mode & 0o077 == 0
    other = Settings.from_environ(environ | {"SIGFORUM_INSTANCE": str(tmp_path / "other")})
    assert other.secret_key != first.secret_key


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = Settings.from_environ(NEEDED)
    with pytest.raises(AttributeError):
        settings.secret_key = "another"
