"""Where the files of exports lie, and the finished parts of those that are being made."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from sigforum.settings import Settings

_DIGEST_BYTES = 32
# Votes wait for the same disk: a bundle that is synced in one piece would hold them up for as long as it takes.
_SYNCED_AT_ONCE = 256 * 1024


def folder_of(job_id: int) -> Path:
    """Each export has a folder of its own."""
    return _all_folders() / str(job_id)


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the file and rename, so that a file under its own name is always whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as out:
        for start in range(0, len(content), _SYNCED_AT_ONCE):
            out.write(content[start:start + _SYNCED_AT_ONCE])
            out.flush()
            os.fsync(out.fileno())
    part.replace(path)


def remove_files(job_id: int) -> None:
    """Delete everything an export has left on the disk. Safe to repeat."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)


def ids_with_folders() -> list[int]:
    """The exports that have something on the disk."""
    return sorted(int(path.name) for path in _all_folders().glob("*") if path.name.isdecimal())


@dataclass(frozen=True)
class Parts:
    """The files a bundle is made of, each kept under the hash of all that it was made from: a worker that was
    killed goes on where it was, and what has changed meanwhile is made anew."""

    folder: Path

    @classmethod
    def of(cls, job_id: int) -> "Parts":
        """Those of one export."""
        return cls(folder_of(job_id) / "parts")

    def get(self, key: str) -> bytes | None:
        """A part that was finished from the same inputs; None where there is none, or half of one."""
        try:
            stored = (self.folder / key).read_bytes()
        except FileNotFoundError:
            return None
        content = stored[_DIGEST_BYTES:]
        return content if hashlib.sha256(content).digest() == stored[:_DIGEST_BYTES] else None

    def keep(self, key: str, content: bytes) -> None:
        """Keep a part. It is not synced to the disk, where votes are waiting to be; its hash tells whether it is
        whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / key).write_bytes(hashlib.sha256(content).digest() + content)

    def forget(self) -> None:
        """Delete them; the bundle holds them all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _all_folders() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.instance / "exports"
