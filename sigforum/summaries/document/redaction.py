"""Taking names out of what was published."""

from typing import Any


def without_names(value: Any, names: frozenset[str], *, mark: str) -> Any:
    """JSON values with `mark` instead of these full names and addresses, wherever they stand as words of their own.

    The affiliation beside a name goes with it. A name of one word could be any word, so it only counts where it is
    the whole value, or the beginning of a byline.
    """
    if isinstance(value, dict):
        found = {key: without_names(one, names, mark=mark) for key, one in value.items()}
        if isinstance(found.get("texts"), list) and found["texts"] != value["texts"]:
            # What people wrote stands in the order of its words; the old order would tell how the name begins.
            found["texts"].sort(key=lambda text: (text.casefold(), text))
        return found | {"affiliation": ""} if value.get("name") in names and "affiliation" in found else found
    if isinstance(value, list):
        return [without_names(one, names, mark=mark) for one in value]
    if not isinstance(value, str):
        return value
    for name in names:
        if value == name or value.startswith(f"{name}, "):
            return mark
        if " " in name or "@" in name:
            value = _without(value, name, mark)
    return value


def _without(text: str, name: str, mark: str) -> str:
    """A text with a name replaced where no letter or digit touches it."""
    parts, place = [], 0
    while (found := text.find(name, place)) >= 0:
        end = found + len(name)
        is_own_word = not (found and text[found - 1].isalnum()) and not (end < len(text) and text[end].isalnum())
        parts += [text[place:found], mark if is_own_word else name]
        place = end
    return "".join([*parts, text[place:]])
