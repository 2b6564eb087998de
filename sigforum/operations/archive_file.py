"""The file of a backup: a tar with a manifest that names every other file by its hash."""

import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

from sigforum.kernel.errors import Invalid

SCHEMA = "sigforum-backup/1"
MANIFEST = "manifest.json"
_PIECE = 1 << 20


def write_archive(target: Path, folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    """Pack a folder. The file gets its name only when it is whole and on the disk; nobody else can read it."""
    files = {path.relative_to(folder).as_posix(): {"sha256": file_sha256(path), "bytes": path.stat().st_size}
             for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {"schema": SCHEMA, **about, "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            # First, so that it can be read without unpacking the rest.
            for name in (MANIFEST, *files):
                archive.add(folder / name, arcname=name)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
    return manifest


def read_archive(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and compare every file with the manifest. Raises Invalid where one is missing,
    altered or not named."""
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            # The filter refuses what would be written outside the folder, links and devices.
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["files"]
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as problem:
        raise Invalid({"": f"{source.name} is not a backup, or not a whole one: {problem}"}) from None
    if manifest.get("schema") != SCHEMA:
        raise Invalid({"": f"{source.name} is a backup of another kind: {manifest.get('schema')}."})
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = [name for name in sorted(found & known.keys()) if file_sha256(folder / name) != known[name]["sha256"]]
    wrong += sorted(found ^ known.keys())
    if wrong:
        raise Invalid({"": f"{source.name} was altered: {', '.join(wrong)}. Nothing was restored."})
    return manifest


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
