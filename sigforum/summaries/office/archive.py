"""Office files without the moment and the machine they were made on, so that equal summaries give equal bytes."""

import io
import re
import zipfile
from datetime import UTC, datetime

from sigforum.summaries.document.summary import Summary

# ZIP's own beginning of time; a real time would make two equal files differ.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def newest_moment(summary: Summary) -> datetime:
    """When the newest thing in the summary happened, which is when its file calls itself made."""
    moments = [document.provenance.event_at for document in summary.documents if document.provenance.event_at]
    return max(moments, default=datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def settled(content: bytes, moment: datetime) -> bytes:
    """An office file with `moment` as the time of its making, also in the workbooks inside its charts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # Readers expect the list of content types first, as it was written.
        for name in made.namelist():
            info = zipfile.ZipInfo(name, date_time=_NO_TIME)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o100644 << 16, 3
            archive.writestr(info, _part(name, made.read(name), moment))
    return out.getvalue()


def _part(name: str, content: bytes, moment: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return settled(content, moment)
    if name == "docProps/core.xml":
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return _MOMENT.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
    return content
