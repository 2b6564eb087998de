"""`make audit` against servers that answer as the real ones do: it fails on what is known, and on nothing else."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT

HASH = "sha256:" + "0" * 64
LOCK = f"# a lock\nfruitful==1.4.2 \\\n    --hash={HASH}\nplainly==2.0 \\\n    --hash={HASH}\n    # via fruitful\n"
NPM_LOCK = {"name": "assets", "lockfileVersion": 3, "packages": {
    "": {"name": "assets", "dependencies": {"squarely": "^3.0.0"}},
    "node_modules/squarely": {"version": "3.0.1", "integrity": "sha512-AAAA"}}}
KNOWN = {"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-11111"], "summary": "Reads beyond the end.",
         "schema_version": "1.6.0", "affected": [{
             "package": {"name": "fruitful", "ecosystem": "PyPI"},
             "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.4.3"}]}]}]}
KNOWN_NPM = {"squarely": [{
    "id": 1, "url": "https://example.org/advisories/GHSA-dddd-eeee-ffff", "title": "Runs what it is sent",
    "severity": "high", "vulnerable_versions": "<3.0.2", "cwe": [], "cvss": {"score": 8, "vectorString": None}}]}
needs_npm = pytest.mark.skipif(not shutil.which("npm"), reason="npm is not here")


class Advisories:
    """A server that answers as OSV does for Python packages and as a registry does for npm packages."""

    def __init__(self, *, status: int, known: bool) -> None:
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                question = json.loads(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
                outer.asked += [question["package"]["name"]] if "package" in question else list(question)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(outer.answer(question, known=known)).encode())

            def log_message(self, *_words: object) -> None:
                """Say nothing."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, question: Mapping[str, Any], *, known: bool) -> Any:
        """What is known of what was asked for."""
        if "package" in question:
            return {"vulns": [KNOWN]} if known and question["package"]["name"] == "fruitful" else {}
        return KNOWN_NPM if known and "squarely" in question else {}


@pytest.fixture
def serve() -> Iterator[Callable[..., Advisories]]:
    """A function that starts a server of advisories."""
    servers: list[Advisories] = []

    def start(*, status: int = 200, known: bool = False) -> Advisories:
        servers.append(Advisories(status=status, known=known))
        return servers[-1]
    yield start
    for one in servers:
        one.server.shutdown()
        one.server.server_close()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with two Python packages and one of npm's in its locks."""
    (tmp_path / ".ci").mkdir()
    (tmp_path / "requirements.txt").write_text(LOCK)
    (tmp_path / "package-lock.json").write_text(json.dumps(NPM_LOCK))
    (tmp_path / "package.json").write_text(json.dumps(NPM_LOCK["packages"][""]))  # type: ignore[index]
    return tmp_path


def audit(checkout: Path, url: str, *, seconds: int = 60, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run the command; its status and all that it says."""
    done = subprocess.run([sys.executable, str(ROOT / "deploy" / "audit_dependencies.py"), "--root", str(checkout),
                           "--osv-url", f"{url}/v1/query", "--registry", url, "--seconds", str(seconds)],
                          capture_output=True, text=True, timeout=100, env=environ)
    return done.returncode, done.stdout + done.stderr


def accept(checkout: Path, *, id: str = "CVE-2026-11111", package: str = "fruitful",  # noqa: A002 - the entry's word
           until: date | str = "", reason: str = "Not reached.") -> None:
    """Write an entry of what is accepted."""
    entry = [f'package = "{package}"', f'id = "{id}"', f'reason = "{reason}"', *([f"until = {until}"] if until else [])]
    (checkout / ".ci" / "accepted-advisories.toml").write_text("\n".join(["[[accepted]]", *entry, ""]))


@needs_npm
def test_audit_of_clean_locks_asks_for_every_package_and_passes(checkout: Path, serve) -> None:
    server = serve()
    status, said = audit(checkout, server.url)
    assert (status, sorted(server.asked)) == (0, ["fruitful", "plainly", "squarely"])
    assert said == "Python packages: no known vulnerabilities.\nnpm packages: no known vulnerabilities.\n"


@needs_npm
def test_audit_names_package_version_advisory_and_fix(checkout: Path, serve) -> None:
    status, said = audit(checkout, serve(known=True).url)
    assert status == 1
    assert "fruitful 1.4.2: CVE-2026-11111, GHSA-aaaa-bbbb-cccc; fixed in 1.4.3." in said
    assert "squarely 3.0.1: GHSA-dddd-eeee-ffff; affected are <3.0.2." in said


@pytest.mark.parametrize("server", ["refuses connections", "fails"])
def test_audit_without_an_answer_says_so_and_passes(checkout: Path, serve, server: str) -> None:
    url = "http://127.0.0.1:9" if server == "refuses connections" else serve(status=503).url
    status, said = audit(checkout, url)
    assert status == 0
    lines = said.splitlines()
    assert [line.startswith("note: the ") and " were not audited: " in line for line in lines] == [True, True, False]
    assert lines[-1].startswith("NOT CHECKED for vulnerabilities: Python packages and npm packages.")
    assert "known" not in said, "nobody said that there is nothing"
    assert "127.0.0.1" not in said, "a log names no server"


@pytest.mark.parametrize("server", ["refuses connections", "fails", "says something else", "says nothing of it"])
def test_audit_that_must_be_answered_fails_without_a_whole_answer(checkout: Path, serve, server: str) -> None:
    url = "http://127.0.0.1:9"
    if server != "refuses connections":
        there = serve(status=503 if server == "fails" else 200)
        there.answer = lambda _question, *, known: ["what?"] if server == "says something else" else {"vulns": "none"}
        url = there.url
    environ = {**os.environ, "AUDIT_MUST_ANSWER": "1"}
    status, said = audit(checkout, url, environ=environ)
    assert status == 1
    assert "NOT CHECKED for vulnerabilities" in said.splitlines()[-1]
    assert audit(checkout, url)[0] == 0, "without a network work goes on"


@needs_npm
def test_audit_that_must_be_answered_passes_where_it_is(checkout: Path, serve) -> None:
    status, said = audit(checkout, serve().url, environ={**os.environ, "AUDIT_MUST_ANSWER": "1"})
    assert (status, "NOT CHECKED" in said) == (0, False)


def test_audit_waits_no_longer_than_it_is_told(checkout: Path, serve) -> None:
    status, said = audit(checkout, serve(known=True).url, seconds=0)
    assert (status, said.count("no answer within 0 s")) == (0, 2 if shutil.which("npm") else 1)


@needs_npm
def test_audit_lives_with_what_is_accepted_until_its_day(checkout: Path, serve) -> None:
    url, today = serve(known=True).url, datetime.now(UTC).date()
    (checkout / "package-lock.json").write_text(json.dumps(NPM_LOCK).replace("squarely", "roundly"))
    accept(checkout, until=today)
    status, said = audit(checkout, url)
    assert (status, f"Accepted until {today}: Not reached." in said) == (0, True)
    accept(checkout, until=today - timedelta(days=1))
    status, said = audit(checkout, url)
    assert (status, "decide anew" in said) == (1, True)
    accept(checkout, until=today, package="plainly")
    assert audit(checkout, url)[0] == 1, "the entry speaks of another package"


def test_audit_accepts_nothing_without_reason_and_day(checkout: Path, serve) -> None:
    url = serve(known=True).url
    for entry in ({"reason": " ", "until": "2099-01-01"}, {"until": '"soon"'}, {}):
        accept(checkout, **entry)
        status, said = audit(checkout, url)
        assert (status, "reason and until" in said) == (1, True)


def test_audit_fails_on_a_lock_that_cannot_be_read(checkout: Path, serve) -> None:
    (checkout / "requirements.txt").write_text("fruitful>=1\n")
    status, said = audit(checkout, serve().url)
    assert (status, "could not read requirements.txt" in said) == (1, True)


@needs_npm
def test_audit_reads_what_this_project_accepts(checkout: Path, serve) -> None:
    shutil.copy(ROOT / ".ci" / "accepted-advisories.toml", checkout / ".ci")
    assert audit(checkout, serve().url)[0] == 0
