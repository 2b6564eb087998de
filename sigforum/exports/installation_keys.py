"""The keys with which this installation signs its bundles: one file outside the database and every backup.

The private part of a key is removed when the next one takes its place; the public one stays listed, with its dates.
The library that signs is loaded where it is needed: most processes sign nothing.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict

SCHEMA = "sigforum-signing-keys/1"
SIGNATURE_SCHEMA, ALGORITHM = "sigforum-signature/1", "Ed25519"
_OWNER_ALONE = 0o600


@dataclass(frozen=True, kw_only=True)
class InstallationKey:
    """A key: hexadecimal parts, and from when to when it signed. Only the one in use has a private part."""

    public_key: str
    made_at: str
    retired_at: str | None = None
    private_key: str | None = field(default=None, repr=False)

    def published(self) -> dict[str, str | None]:
        """What everybody may know of it."""
        return {"algorithm": ALGORITHM, "public_key": self.public_key, "made_at": self.made_at,
                "retired_at": self.retired_at}


def installation_keys(path: Path) -> list[InstallationKey]:
    """Every key of the file, the newest first; none where no bundle was signed yet. Raises Conflict where the file
    cannot be used: signing with another key instead would make people doubt the bundles that are right."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = [InstallationKey(**one) for one in content["keys"]]
        is_usable = content["schema"] == SCHEMA and found[0].private_key is not None
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError) as problem:
        raise Conflict(f"The signing keys in {path} cannot be read: {problem}. Put the file back as it was.") from None
    if not is_usable:
        raise Conflict(f"The signing keys in {path} hold no key to sign with. Put the file back as it was.")
    return found


def make_missing_key(path: Path) -> InstallationKey | None:
    """The first key of an installation, where it had none; None where there is one. Of several processes that start
    together one makes it, and all use that one."""
    if installation_keys(path):
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    made = _new_key()
    with _beside(path, [made]) as whole:
        try:
            # A link is made for one process only, and the file it names is whole.
            os.link(whole, path)
        except FileExistsError:
            return None
    return made


def rotate_key(path: Path) -> InstallationKey:
    """The key that signs from now on, in place of the one that did."""
    make_missing_key(path)
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before, made = installation_keys(path), _new_key()
        retired = [InstallationKey(public_key=one.public_key, made_at=one.made_at,
                                   retired_at=one.retired_at or made.made_at) for one in before]
        with _beside(path, [made, *retired]) as whole:
            whole.replace(path)
    return made


def made_words(made: InstallationKey, path: Path) -> str:
    """What an operator is told of a new key."""
    return (f"A new key signs bundles from now on: {made.public_key}, in {path}.\nKeep a copy of that file: no backup "
            "has it. The public key stands at /keys; publish it elsewhere too.")


def signature_of(content: bytes, path: Path) -> bytes:
    """A file that says who signed this content; a key is made where there is none."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - see above

    make_missing_key(path)
    key = installation_keys(path)[0]
    signature = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key.private_key or "")).sign(content)
    found = {"schema": SIGNATURE_SCHEMA, "algorithm": ALGORITHM, "public_key": key.public_key,
             "signature": signature.hex()}
    return (json.dumps(found, indent=2) + "\n").encode()


def _new_key() -> InstallationKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - see above

    made = Ed25519PrivateKey.generate()
    return InstallationKey(public_key=made.public_key().public_bytes_raw().hex(),
                           private_key=made.private_bytes_raw().hex(), made_at=now().isoformat(timespec="seconds"))


@contextmanager
def _beside(path: Path, keys: list[InstallationKey]) -> Iterator[Path]:
    """The whole file under another name, readable by its owner alone from the first byte; gone afterwards."""
    place = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = json.dumps({"schema": SCHEMA, "keys": [asdict(one) for one in keys]}, indent=2) + "\n"
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
