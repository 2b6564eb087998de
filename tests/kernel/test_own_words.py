"""Our own words lose their underscores for readers; the list of them holds every one there is."""

from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import sigforum
from sigforum.consensus.rulebook import all_rules
from sigforum.kernel.words import OUR_WORDS, json_words


def enumerations(base: type) -> set[type]:
    return {found for one in base.__subclasses__() for found in (one, *enumerations(one))}


def test_every_word_of_ours_is_listed() -> None:
    for module in walk_packages(sigforum.__path__, "sigforum."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    ours = {str(word.value) for one in enumerations(StrEnum) if one.__module__.startswith("sigforum.") for word in one}
    ours |= {choice.value for rule in all_rules().values() for field in rule.fields
             for choice in (*field.choices, *field.retired)}
    assert {word for word in ours if "_" in word} - OUR_WORDS == set()


def test_words_of_ours_are_read_and_typed_ones_are_left() -> None:
    assert json_words("after_reveal", "visibility") == "after reveal"
    assert json_words("after_reveal") == "after reveal"
    assert json_words("after_reveal", "title") == "after_reveal"
    assert json_words("some_kind", "kind") == "some kind"
    assert json_words("snake_case", "before") == "snake_case"
    rule = {"name": "rand_ucla", "params": {"disagreement": "panel_size", "who_counts": "rated"}}
    assert json_words(rule, "rule") == "name: rand ucla, params: disagreement: panel size, who counts: rated"
    assert json_words({"name": "rand_ucla"}) == "name: rand_ucla"
