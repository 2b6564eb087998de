"""The built wheel works alone: installed into an empty environment, away from the checkout."""

import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

pytestmark = pytest.mark.timeout(300)
SECONDS_TO_START = 60
# Links from an environment back to a checkout; the copy of the dependencies must hold none.
NOT_A_DEPENDENCY = re.compile(r"(?i)(_?_editable_.*|sigforum.*|.*\.pth|.*\.egg-link|__pycache__)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True,
                   capture_output=True, timeout=200)
    found = list(folder.glob("*.whl"))
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel, and the dependencies by way of links."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(folder, with_pip=False, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    # Each dependency is linked by name, so that no path file of this environment leads back to the checkout.
    for source in Path(sysconfig.get_path("purelib")).iterdir():
        if not NOT_A_DEPENDENCY.fullmatch(source.name):
            (site / source.name).symlink_to(source)
    installer = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    command = ([installer, "pip", "install", "--python", str(folder / "bin" / "python"), "--offline"]
               if Path(installer).exists() else
               [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"])
    subprocess.run([*command, "--no-deps", str(wheel)], check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory away from the checkout."""
    return tmp_path_factory.mktemp("away")


def environ(installed: Path, away: Path) -> dict[str, str]:
    """A clean environment with what a server needs and nothing of this process's."""
    return {"PATH": f"{installed / 'bin'}:/usr/bin:/bin", "HOME": str(away), "LANG": "C.UTF-8",
            "SIGFORUM_SECRET_KEY": "a secret of the wheel's test", "SIGFORUM_INSTANCE": str(away / "instance")}


def run(installed: Path, away: Path, *arguments: str) -> str:
    done = subprocess.run([str(installed / "bin" / arguments[0]), *arguments[1:]], cwd=away, timeout=100,
                          env=environ(installed, away), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_contains_everything_it_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    in_checkout = {f"sigforum/{path.relative_to(ROOT).as_posix()}" for folder in ("templates", "static", "migrations")
                   for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    in_checkout |= {f"sigforum/samples/{path.name}" for path in (ROOT / "sigforum" / "samples").iterdir()
                    if path.is_file()}
    assert in_checkout - names == set()
    assert {"sigforum/wsgi.py", "sigforum/templates/web/base.html", "sigforum/static/css/app.css",
            "sigforum/static/vendor/socket.io.js", "sigforum/static/vendor/idiomorph.js",
            "sigforum/static/vendor/icons.svg", "sigforum/static/vendor/fonts.css",
            "sigforum/migrations/alembic.ini", "sigforum/samples/car-t-agenda.txt"} <= names
    assert any(re.fullmatch(r"sigforum/static/vendor/.*\.woff2", name) for name in names)
    strays = [name for name in names if name.startswith(("tests/", "docs/", "bench/", "node_modules/"))
              or name.endswith((".db", ".pyc"))]
    assert strays == []


def test_installed_program_comes_from_its_environment(installed: Path, away: Path) -> None:
    path = run(installed, away, "python", "-c", "import sigforum; print(sigforum.__file__)").strip()
    assert Path(path).is_relative_to(installed)
    search = run(installed, away, "python", "-c", "import sys; print('\\n'.join(sys.path))")
    assert str(ROOT) not in [line.rstrip("/") for line in search.splitlines()]


def test_commands_run_away_from_the_checkout(installed: Path, away: Path) -> None:
    assert re.fullmatch(r"sigforum, version \d+\.\d+\.\d+\s*", run(installed, away, "sigforum", "--version"))
    assert "up to date" in run(installed, away, "sigforum", "upgrade")
    agenda = next(installed.glob("lib/python*/site-packages/sigforum/samples/car-t-agenda.txt"))
    told = run(installed, away, "sigforum", "agenda", "import", str(agenda))
    assert "2 days, 4 slots, 12 sessions" in told
    assert "The meeting is ready" in told
    made = run(installed, away, "sigforum", "summary", "export", "--format", "markdown", "--session", "1A", "--out",
               "files")
    assert (away / made.strip()).read_text().startswith("# 1A.")


@pytest.fixture
def served(installed: Path, away: Path) -> Iterator[str]:
    """The address of the installed program's web process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run(installed, away, "sigforum", "upgrade")
    with (away / "serve.log").open("w") as log:
        process = subprocess.Popen([str(installed / "bin" / "sigforum"), "serve", "--port", str(port)], cwd=away,
                                   env=environ(installed, away), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + SECONDS_TO_START
    try:
        while True:
            try:
                assert fetch(f"{address}/health") == (200, '{"ok":true}\n')
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, (away / "serve.log").read_text()
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode("utf-8", "replace")


def test_installed_server_answers_with_pages_and_assets(served: str) -> None:
    status, page = fetch(f"{served}/sign-in")
    assert status == 200
    assets = set(re.findall(r"/static/[0-9a-f]+/[\w./-]+", page))
    assert any(path.endswith("css/app.css") for path in assets)
    assert any(path.endswith("vendor/socket.io.js") for path in assets)
    for path in assets:
        status, body = fetch(served + path)
        assert (status, bool(body)) == (200, True), path
    base = re.match(r"/static/[0-9a-f]+/", min(assets))
    assert base is not None
    for path in ("vendor/idiomorph.js", "vendor/icons.svg", "js/live.js", "js/ballots.js", "icon.svg"):
        assert fetch(f"{served}{base[0]}{path}")[0] == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        fetch(f"{served}/meetings/any")
    assert refused.value.code == 401
