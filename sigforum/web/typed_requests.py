"""Requests whose fields are cleaned before anything reads them, so that no form can forget to."""

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from sigforum.kernel.text import typed


class TypedRequest(Request):
    """A request as the kernel's cleaner leaves it: its form and its query; files are cleaned by what reads them."""

    @cached_property
    def args(self) -> "MultiDict[str, str]":  # type: ignore[override]
        """The query's fields."""
        return _typed(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _typed(self.__dict__["form"])


def _typed(fields: "MultiDict[str, str]") -> "MultiDict[str, str]":
    return ImmutableMultiDict([(name, typed(value)) for name, value in fields.items(multi=True)])
