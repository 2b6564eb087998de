"""Backup: database, exports and settings without secrets, in one file."""

import shutil
import tempfile
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from sigforum.extensions import db
from sigforum.kernel.clock import now
from sigforum.kernel.errors import Conflict
from sigforum.operations.archive_file import seal_key, write_archive
from sigforum.operations.snapshot import take_snapshot, without_password
from sigforum.settings import Settings

# Whoever has a backup must not have the passwords in these.
_ADDRESSES = ("database_url", "smtp_url")


def make_backup(target: Path, settings: Settings) -> dict[str, Any]:
    """Write a backup while people go on; the manifest that stands in it. Raises Conflict where a file is there."""
    if target.exists():
        raise Conflict(f"{target} is there already. Choose another name: a backup is never written over.")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as place:
        folder = Path(place)
        about = {"made_at": now().isoformat(timespec="seconds"), "software": f"sigforum {version('sigforum')}",
                 "settings": settings_without_secrets(settings), **take_snapshot(db.engine, folder)}
        # After the database: a file that its row speaks of is there, and one that came later does no harm.
        copy_exports(settings.instance / "exports", folder / "exports")
        return write_archive(target, folder, about, seal_key=seal_key(settings.secret_key))


def settings_without_secrets(settings: Settings) -> dict[str, Any]:
    """What was set, to be set up again by hand. Keys and passwords are left out, and have to be kept elsewhere."""
    found = {field.name: getattr(settings, field.name) for field in fields(settings)
             if not field.metadata.get("is_secret")}
    for name in _ADDRESSES:
        if found[name]:
            found[name] = without_password(make_url(found[name]))
    return found | {"instance": str(settings.instance)}


def copy_exports(source: Path, target: Path) -> None:
    """Finished exports. One that the worker deletes meanwhile is not missed."""
    for path in sorted(source.glob("*/*")):
        if path.is_file() and path.suffix != ".part":
            (target / path.parent.name).mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(path, target / path.parent.name / path.name)
            except FileNotFoundError:
                continue
