"""The web process waits in its event loop, wherever it waits."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = """
import wsgi
from eventlet import patcher
print(*(name for name in ("os", "select", "socket", "thread", "time") if not patcher.is_monkey_patched(name)))
"""


def test_web_process_replaces_everything_that_waits(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGFORUM_")} | {
        "SIGFORUM_SECRET_KEY": "any", "SIGFORUM_INSTANCE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "a lock or a sleep of these would stop the loop for everybody"
