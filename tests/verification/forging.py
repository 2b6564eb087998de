"""Changing a bundle as somebody would who wants another result, and sealing it again."""

import hashlib
import io
import json
import zipfile
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verification.meeting import Held

DOCUMENT = "1A/sigforum-1A-summary.json"
TABLE = "1A/sigforum-1A-summary.csv"
SIGNATURE = "manifest.sig"
_FORGERS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def signature_by(private: Ed25519PrivateKey, manifest: bytes) -> bytes:
    """The file that says who signed, made with a key of one's own, as anybody can."""
    return json.dumps({"schema": "sigforum-signature/1", "algorithm": "Ed25519",
                       "public_key": private.public_key().public_bytes_raw().hex(),
                       "signature": private.sign(manifest).hex()}).encode()


class Forger:
    """A bundle taken apart. `sealed` gives it back with every hash and size made right again, and signed with a key
    of the forger's own where it was signed."""

    def __init__(self, held: Held) -> None:
        self.polls = held.polls
        with zipfile.ZipFile(io.BytesIO(held.bundle)) as archive:
            self.files: dict[str, Any] = {path: archive.read(path) for path in archive.namelist()}
        for path in self.files:
            if path.endswith(".json"):
                self.files[path] = json.loads(self.files[path])

    @property
    def document(self) -> Any:
        """The summary of 1A."""
        return self.files[DOCUMENT]

    @property
    def manifest(self) -> Any:
        """The list of files."""
        return self.files["manifest.json"]

    def path(self, name: str, *, number: int = 1) -> str:
        """Where the sheet of a poll lies."""
        return f"1A/tally-1A-poll-{self.polls[name]}-round-{number}.json"

    def sheet(self, name: str, *, number: int = 1) -> Any:
        """The sheet of a poll, by its name."""
        return self.files[self.path(name, number=number)]

    def poll(self, name: str) -> Any:
        """The poll in the summary, by its name."""
        return next(poll for poll in self.document["polls"] if poll["key"] == f"p{self.polls[name]}")

    def remove(self, path: str) -> None:
        """Take a file out of the bundle and of its manifest."""
        del self.files[path]
        for session in self.manifest["sessions"]:
            session["files"] = [entry for entry in session["files"] if entry["path"] != path]

    def sealed(self) -> bytes:
        """The archive, with the hashes of what is in it now."""
        for path, document in self.files.items():
            if path.endswith("-summary.json"):
                content = {name: value for name, value in document.items() if name != "provenance"}
                text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
                document["provenance"]["inputs_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        contents = self.contents()
        for session in self.manifest["sessions"]:
            for entry in session["files"]:
                content = contents[entry["path"]]
                entry |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                if entry["path"].endswith("-summary.json"):
                    session["inputs_sha256"] = self.files[entry["path"]]["provenance"]["inputs_sha256"]
        if SIGNATURE in self.files:
            self.files[SIGNATURE] = signature_by(_FORGERS_KEY, self.contents()["manifest.json"])
        return self.packed()

    def contents(self) -> dict[str, bytes]:
        """The files as bytes."""
        return {path: value if isinstance(value, bytes) else
                (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
                for path, value in self.files.items()}

    def packed(self) -> bytes:
        """The archive as it is, hashes included."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.contents().items():
                archive.writestr(path, content)
        return out.getvalue()
