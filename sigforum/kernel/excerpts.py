"""Texts in one line, for lists, results of a search, mails and slides: every word and number, without markup."""

from functools import lru_cache

from markdown_it.token import Token

from sigforum.kernel.markdown import tokens

# What parts what stood on lines of its own, by the block that ended or began there.
_APART = {"list_item_close": ";", "bullet_list_open": ";", "ordered_list_open": ";", "tr_close": ";",
          "th_close": ",", "td_close": ","}
# Behind these nothing more is needed to keep words apart.
_PARTED = ".:;,!?…。：；，、！？؛،۔؟"


@lru_cache(maxsize=1024)
def plain_text(text: str) -> str:
    """What a reader sees, in one line and without signs of markup. Numbers of lists stand as they were typed, and
    what stood in items and cells of its own is kept apart."""
    line, apart = "", ""
    parts: list[str] = []
    for block in tokens(text):
        apart = max(apart, _APART.get(block.type, ""))
        words = _words(block)
        if not words:
            continue
        is_parted = not parts or not apart or line.endswith(tuple(_PARTED))
        parts.append("" if is_parted else apart)
        parts += [" ", words]
        line, apart = words, ""
    return " ".join("".join(parts).split())


def _words(block: Token) -> str:
    if block.type == "list_item_open":
        return f"{block.info}{block.markup}" if block.info else ""
    # Blocks hold their words themselves, as code does, or in the pieces of a line.
    pieces = (block.children or ()) if block.type == "inline" else (block,)
    return " ".join("".join(" " if piece.type.endswith("break") else piece.content for piece in pieces).split())


def beginning(text: str, most: int) -> str:
    """The first so many words of that line; what is cut off ends in an ellipsis alone."""
    return shortened(plain_text(text), most)


def shortened(text: str, most: int) -> str:
    """The first so many words of what is no Markdown, such as a title: as they were typed."""
    words = text.split()
    return " ".join(words[:most]).rstrip(".,;:!?…") + "…" if len(words) > most else " ".join(words)
