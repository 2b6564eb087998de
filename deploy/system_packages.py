"""Finds the system packages that pip cannot bring, and installs them where apt may be used.

    python deploy/system_packages.py pango browser postgresql

pango draws the letters of PDF files; browser and postgresql are for the tests.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NEEDS: dict[str, tuple[Callable[[], bool], list[str], str]] = {
    "pango": (
        lambda: all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0")),
        ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
        "Without Pango sigforum runs, but cannot write PDF files (macOS: brew install pango)."),
    "browser": (
        lambda: any(shutil.which(name) for name in (
            "chromium-headless-shell", "chromium", "google-chrome", "chrome", "chromium-browser")),
        ["chromium-headless-shell"],
        "Without Chromium or Chrome the tests in browsers are skipped."),
    "postgresql": (
        lambda: bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))),
        ["postgresql"],
        "Without PostgreSQL's server the tests on it are skipped."),
}


def main(wanted: list[str]) -> None:
    """Install what is wanted and missing; only say so where that cannot be done."""
    missing = [name for name in wanted if not NEEDS[name][0]()]
    if not missing:
        return
    packages = [package for name in missing for package in NEEDS[name][1]]
    if shutil.which("apt-get") and _apt(packages):
        return
    for name in missing:
        print(f"note: {NEEDS[name][2]}", file=sys.stderr)


def _apt(packages: list[str]) -> bool:
    """Install by apt, as root or where sudo asks no password."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not shutil.which("sudo"):
        return False
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages])
    return all(subprocess.run([*prefix, *command], env=environ, capture_output=True).returncode == 0
               for command in commands)


if __name__ == "__main__":
    main(sys.argv[1:])
