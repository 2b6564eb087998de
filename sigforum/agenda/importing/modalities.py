"""Reading tags out of the printed text of a modality."""

import re

_KNOWN = re.compile(
    r"\b(?:(autologous)|(allogeneic)|(in[\s-]+vivo)|(ex[\s-]+vivo)|(cross[\s-]*cutting))\b", re.IGNORECASE
)
_TAGS = ("autologous", "allogeneic", "in vivo", "ex vivo", "cross-cutting")
_MOST_WORDS_OF_A_TAG = 3
_QUALIFIERS = ("with ", "without ", "including ", "especially ")


def modality_tags(text: str | None) -> tuple[str, ...]:
    """The modalities in the order of a text: known words anywhere, other short items as they are."""
    tags: dict[str, None] = {}
    for item in re.split(r"[,;]", text or ""):
        known = [_TAGS[match.lastindex - 1] for match in _KNOWN.finditer(item) if match.lastindex]
        tags.update(dict.fromkeys(known))
        plain = " ".join(item.split()).removeprefix("and ").strip(" .")
        is_short = 0 < len(plain.split()) <= _MOST_WORDS_OF_A_TAG
        if not known and is_short and not plain.lower().startswith(_QUALIFIERS):
            tags[plain] = None
    return tuple(tags)
