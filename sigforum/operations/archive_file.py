"""The file of a backup: a tar with a manifest that names every other file by its hash, and a seal of the manifest.

The seal is an HMAC with a key made of the installation's secret, which is in no backup: whoever changes the file cannot
make another one.
"""

import hashlib
import hmac
import json
import os
import tarfile
from pathlib import Path
from typing import Any

from sigforum.kernel.errors import Invalid

SCHEMA = "sigforum-backup/2"
# Made before backups were sealed.
UNSEALED_SCHEMA = "sigforum-backup/1"
MANIFEST, SEAL = "manifest.json", "manifest.hmac"
_PIECE = 1 << 20


def seal_key(secret_key: str) -> bytes:
    """The key of the seals, made of the installation's secret, which signs other things too."""
    return hmac.digest(secret_key.encode(), b"sigforum backup seal", "sha256")


def write_archive(target: Path, folder: Path, about: dict[str, Any], *, seal_key: bytes) -> dict[str, Any]:
    """Pack a folder. The file gets its name only when it is whole and on the disk; nobody else can read it."""
    files = {path.relative_to(folder).as_posix(): {"sha256": file_sha256(path), "bytes": path.stat().st_size}
             for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {"schema": SCHEMA, **about, "files": files}
    content = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    (folder / MANIFEST).write_bytes(content)
    (folder / SEAL).write_text(_seal(content, seal_key) + "\n", encoding="ascii")
    part = target.with_name(f"{target.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            # First, so that it can be read without unpacking the rest.
            for name in (MANIFEST, SEAL, *files):
                archive.add(folder / name, arcname=name)
        out.flush()
        os.fsync(out.fileno())
    part.replace(target)
    return manifest


def _seal(manifest: bytes, key: bytes) -> str:
    return hmac.new(key, manifest, "sha256").hexdigest()


def read_archive(source: Path, folder: Path, *, seal_key: bytes, accepts_unsealed: bool) -> dict[str, Any]:
    """Unpack into an empty folder, check the seal, and compare every file with the manifest. Raises Invalid where the
    seal is not this installation's and that is not accepted, or where a file is missing, altered or not named."""
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            # The filter refuses what would be written outside the folder, links and devices.
            archive.extractall(folder, filter="data")
        content = (folder / MANIFEST).read_bytes()
        manifest: dict[str, Any] = json.loads(content)
        known = manifest["files"]
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as problem:
        raise Invalid({"": f"{source.name} is not a backup, or not a whole one: {problem}"}) from None
    if manifest.get("schema") not in (SCHEMA, UNSEALED_SCHEMA):
        raise Invalid({"": f"{source.name} is a backup of another kind: {manifest.get('schema')}."})
    if not accepts_unsealed and not _is_sealed(folder, content, seal_key):
        raise Invalid({"": _unsealed_words(source.name, manifest["schema"])})
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST, SEAL}
    wrong = [name for name in sorted(found & known.keys()) if file_sha256(folder / name) != known[name]["sha256"]]
    wrong += sorted(found ^ known.keys())
    if wrong:
        raise Invalid({"": f"{source.name} was altered: {', '.join(wrong)}. Nothing was restored."})
    return manifest


def _is_sealed(folder: Path, manifest: bytes, key: bytes) -> bool:
    try:
        seal = (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return False
    return hmac.compare_digest(seal, _seal(manifest, key))


def _unsealed_words(name: str, schema: str) -> str:
    why = ("was made before backups were sealed" if schema == UNSEALED_SCHEMA else
           "was changed, or made under another SIGFORUM_SECRET_KEY")
    return (f"{name} {why}, so nothing shows that it is what was backed up. Nothing was restored. If you know where it "
            "has been since, add --accept-unsealed.")


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
