"""Asks public lists of advisories whether a locked dependency has a known vulnerability.

    python deploy/audit_dependencies.py [--osv-url URL] [--registry URL] [--must-answer]

A known vulnerability ends it with status 1, unless .ci/accepted-advisories.toml accepts it for now. Where nobody
answers, for want of a network or within the time, or the answer is not whole, the last line says NOT CHECKED. The
status is then 0, because an outage elsewhere stops no work here, and 1 with --must-answer or AUDIT_MUST_ANSWER=1, for
where a network is promised: before a release, and in CI that has one.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = ".ci/accepted-advisories.toml"
SECONDS = 45
# What the tools print when the other side did not answer, or not with what was asked for.
NO_ANSWER = re.compile(r"requests\.exceptions\.(\w+)|(ServiceError)|(Could not connect)|(JSONDecodeError)")
LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
HOSTS = re.compile(r"https?://\S+|\b[\w-]+(?:\.[\w-]+)+(?::\d+)?/?\S*|\blocalhost\S*")
UNREADABLE = "the answer of the registry cannot be read"


class NoAnswer(Exception):
    """Nobody could be asked; the words say why."""


@dataclass(frozen=True, kw_only=True)
class Advisory:
    """A known vulnerability of one locked package."""

    package: str
    version: str
    ids: frozenset[str]
    fixed_in: str

    @property
    def words(self) -> str:
        """One line: what, where, and which version is free of it."""
        fixed_in = self.fixed_in or "no fixed version yet"
        return f"{self.package} {self.version}: {', '.join(sorted(self.ids))}; {fixed_in}"


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """That the project lives with an advisory until a day, and why."""

    package: str
    id: str
    reason: str
    until: date

    def covers(self, advisory: Advisory) -> bool:
        """Whether it speaks of this advisory, by any of its names."""
        return self.package == advisory.package and self.id in advisory.ids


def main(arguments: Sequence[str]) -> int:
    """Audit both locks; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout whose locks are read")
    parser.add_argument("--osv-url", help="another service with OSV's interface, for Python packages")
    parser.add_argument("--registry", help="another npm registry")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="how long to wait for an answer")
    parser.add_argument("--must-answer", action="store_true", default=os.environ.get("AUDIT_MUST_ANSWER") == "1",
                        help="fail where the question was not answered whole")
    asked = parser.parse_args(arguments)
    accepted = read_accepted(asked.root / ACCEPTED)
    found: list[Advisory] = []
    unchecked: list[str] = []
    for what, ask, server in (("Python packages", python_advisories, asked.osv_url),
                              ("npm packages", npm_advisories, asked.registry)):
        there: list[Advisory] = []
        try:
            # What half an answer says still counts.
            for advisory in ask(asked.root, server, asked.seconds):
                there.append(advisory)
        except NoAnswer as problem:
            print(f"note: the {what} were not audited: {problem}", file=sys.stderr)
            unchecked.append(what)
        else:
            print(f"{what}: {len(there) or 'no'} known vulnerabilit{'y' if len(there) == 1 else 'ies'}.")
        found += there
    is_known = bool([advisory for advisory in found if not is_accepted(advisory, accepted)])
    sys.stdout.flush()
    if unchecked:
        print(f"NOT CHECKED for vulnerabilities: {' and '.join(unchecked)}. Before a release run it again with a "
              "network and AUDIT_MUST_ANSWER=1.", file=sys.stderr)
    return 1 if is_known or (unchecked and asked.must_answer) else 0


def is_accepted(advisory: Advisory, accepted: Sequence[Acceptance]) -> bool:
    """Whether the project lives with it today; says so, or says what to do, in a line."""
    ruling = next((one for one in accepted if one.covers(advisory)), None)
    if ruling is None:
        print(f"{advisory.words}. Renew the lock (make lock), or accept it in {ACCEPTED}.", file=sys.stderr)
        return False
    if ruling.until < datetime.now(UTC).date():
        print(f"{advisory.words}. It was accepted until {ruling.until}: decide anew in {ACCEPTED}.", file=sys.stderr)
        return False
    print(f"{advisory.words}. Accepted until {ruling.until}: {ruling.reason}")
    return True


def read_accepted(path: Path) -> list[Acceptance]:
    """What the project accepts. Every entry needs its reason and its day."""
    entries = tomllib.loads(path.read_text()).get("accepted", []) if path.exists() else []
    for entry in entries:
        lacking = [name for name in ("package", "id", "reason") if not str(entry.get(name, "")).strip()]
        if lacking or type(entry.get("until")) is not date:
            sys.exit(f"{ACCEPTED}: each entry has package, id, reason and until (a day, as 2027-01-31): {entry}")
    return [Acceptance(**{name: entry[name] for name in ("package", "id", "reason", "until")}) for entry in entries]


def python_advisories(root: Path, osv_url: str | None, seconds: int) -> Iterator[Advisory]:
    """What is known of the packages in requirements.txt. Raises NoAnswer."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        # The lock names every package with its version, so that nothing has to be resolved or downloaded.
        done = _run([sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--require-hashes",
                     "--disable-pip", "--vulnerability-service", "osv", *(["--osv-url", osv_url] if osv_url else []),
                     "--format", "json", "--output", str(report), "--progress-spinner", "off", "--timeout", "10",
                     "--cache-dir", folder], root, seconds)
        if not report.exists():
            if why := NO_ANSWER.search(done.stderr):
                raise NoAnswer(f"the list of advisories gave no answer ({why[why.lastindex or 0]})")
            if "Traceback (most recent call last)" in done.stderr:
                raise NoAnswer("the answer of the list of advisories cannot be read")
            sys.exit(f"pip-audit could not read requirements.txt: {_last_line(done.stderr)}")
        packages = json.loads(report.read_text())["dependencies"]
    locked = {_normal(name) for name in LOCKED.findall((root / "requirements.txt").read_text())}
    for package in packages:
        for known in package.get("vulns", []):
            fixed = ", ".join(known["fix_versions"])
            yield Advisory(package=package["name"], version=package["version"], fixed_in=fixed and f"fixed in {fixed}",
                           ids=frozenset({known["id"], *known["aliases"]}))
    missing = locked - {_normal(package["name"]) for package in packages if "vulns" in package}
    if missing:
        raise NoAnswer(f"nothing was said about {len(missing)} of {len(locked)} packages")


def npm_advisories(root: Path, registry: str | None, seconds: int) -> Iterator[Advisory]:
    """What is known of the packages in package-lock.json. Raises NoAnswer."""
    npm = shutil.which("npm")
    if npm is None:
        raise NoAnswer("there is no npm here")
    done = _run([npm, "audit", "--json", "--package-lock-only", "--fetch-retries=0", "--fetch-timeout=10000",
                 *([f"--registry={registry}"] if registry else [])], root, seconds)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise NoAnswer(_last_line(done.stderr)) from None
    if not isinstance(answer, dict) or "vulnerabilities" not in answer:
        raise NoAnswer(_last_line(str(answer.get("message") or answer.get("error")))
                       if isinstance(answer, dict) else UNREADABLE)
    try:
        yield from _npm_known(root, answer)
    except (KeyError, TypeError, AttributeError, IndexError):
        raise NoAnswer(UNREADABLE) from None


def _npm_known(root: Path, answer: dict[str, Any]) -> Iterator[Advisory]:
    locked = json.loads((root / "package-lock.json").read_text())["packages"]
    for name, package in sorted(answer["vulnerabilities"].items()):
        for known in package["via"]:
            # Words instead of an advisory name a package that has one, and that stands here itself.
            if isinstance(known, dict):
                yield Advisory(package=name, version=locked[package["nodes"][0]]["version"],
                               ids=frozenset({known["url"].rpartition("/")[2]}),
                               fixed_in=f"affected are {known['range']}")


def _run(command: list[str], root: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise NoAnswer(f"no answer within {seconds} s") from None


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # Which server was asked is nobody's business who reads a log.
    return HOSTS.sub("the server", lines[-1][:200]) if lines else "no answer"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
