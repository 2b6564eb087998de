"""Reading a bundle without trusting it: nothing is unpacked to disk, and nothing larger than it may be."""

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from sigforum.verification.findings import Difference, Finding, check
from sigforum.verification.sheet import Damaged

MOST_FILES = 5_000
LARGEST_FILE, LARGEST_BUNDLE = 256 * 2**20, 2**30
# A file of one letter repeated is a thousand times smaller when packed; a report is not.
MOST_PACKED, PACKED_FROM = 500, 4 * 2**20
_SYMLINK = 0o120000
# Where an archive ends, and how long that part is without a comment; what stands before the data of a file, and the
# most that may stand behind it where its size was not known before it was written.
_END, _END_BYTES, _HEADER_BYTES, _MOST_BEHIND = b"PK\x05\x06", 22, 30, 24
_SIZED_BEHIND = 0x08


@dataclass(frozen=True)
class Bundle:
    """The files of an archive by path, as far as they could be read, and what was wrong with it."""

    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_bundle(content: bytes, *, name: str) -> Bundle:
    """Every file of the archive. Raises Damaged for what is no archive, or one that would fill the memory."""
    if not content:
        raise Damaged("The file is empty.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bombs(archive.infolist())
            files, broken = _read(archive)
            names, beside = list(_names(archive.infolist())), list(_beside(content, archive))
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, struct.error) as problem:
        if isinstance(problem, Damaged):
            raise
        raise Damaged(f"This is not a whole ZIP archive: {problem}.") from problem
    return Bundle(files=files, findings=[
        check(name, "every name in the archive is safe, and there once", names),
        check(name, "every file can be unpacked", broken),
        check(name, "nothing but files is in the archive", beside)])


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises Damaged for one that is larger than a bundle may be."""
    if path.stat().st_size > LARGEST_BUNDLE:
        raise Damaged(f"The file has {path.stat().st_size:,} bytes; at most {LARGEST_BUNDLE:,} are read.")
    return path.read_bytes()


def _refuse_bombs(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_FILES:
        raise Damaged(f"The archive has {len(infos):,} files; at most {MOST_FILES:,} are read.")
    whole = sum(info.file_size for info in infos)
    if whole > LARGEST_BUNDLE:
        raise Damaged(f"The archive unpacks to {whole:,} bytes; at most {LARGEST_BUNDLE:,} are read.")
    for info in infos:
        if info.file_size > LARGEST_FILE or info.file_size > max(PACKED_FROM, MOST_PACKED * info.compress_size):
            raise Damaged(f"{info.filename} unpacks from {info.compress_size:,} to {info.file_size:,} bytes, "
                          "which is no file of a bundle.")


def _names(infos: list[zipfile.ZipInfo]) -> Iterator[Difference]:
    for info in infos:
        path = info.orig_filename
        parts = PurePosixPath(path).parts
        if path.startswith("/") or ".." in parts or "\\" in path or ":" in path or "\0" in path or not parts:
            yield Difference(where="name", said=path, counted="a path inside the bundle")
        if (info.external_attr >> 16) & 0o170000 == _SYMLINK:
            yield Difference(where="kind", said=f"{path} is a link", counted="a file")
    for path, times in Counter(info.filename for info in infos).items():
        if times > 1:
            yield Difference(where="name", said=f"{path} {times} times", counted="once")


def _beside(content: bytes, archive: zipfile.ZipFile) -> Iterator[Difference]:
    """Words and bytes that an archive carries besides its files: some programs show them, and some read other files
    there."""
    if archive.comment:
        yield Difference(where="comment", said=archive.comment.decode("utf-8", "replace"), counted="none")
    elif content[-_END_BYTES:][:len(_END)] != _END:
        yield Difference(where="end", said="bytes behind the archive", counted="none")
    paths, end, slack = [info.filename for info in archive.infolist() if not info.is_dir()], 0, 0
    for info in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if info.comment:
            yield Difference(where=f"comment of {info.filename}", said=info.comment.decode("utf-8", "replace"),
                             counted="none")
        if info.is_dir() and (info.file_size or not any(path.startswith(info.filename) for path in paths)):
            yield Difference(where="folder", said=info.filename, counted="a folder with files in it")
        if not end <= info.header_offset <= end + slack:
            yield Difference(where=f"before {info.filename}", said=f"{info.header_offset - end} bytes of no file",
                             counted="none")
        names = sum(struct.unpack("<HH", content[info.header_offset + 26:info.header_offset + _HEADER_BYTES]))
        end = info.header_offset + _HEADER_BYTES + names + info.compress_size
        slack = _MOST_BEHIND if info.flag_bits & _SIZED_BEHIND else 0
    if not end <= archive.start_dir <= end + slack:
        yield Difference(where="behind the last file", said=f"{archive.start_dir - end} bytes of no file",
                         counted="none")


def _read(archive: zipfile.ZipFile) -> tuple[dict[str, bytes], list[Difference]]:
    files: dict[str, bytes] = {}
    broken = []
    for info in archive.infolist():
        if info.is_dir():
            continue
        try:
            files[info.filename] = archive.read(info)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
            broken.append(Difference(where=info.filename, said=str(problem), counted="a whole file"))
    return files, broken
