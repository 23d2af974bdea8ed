"""What a page's form brings: its fields, once its CSRF token has been held against the session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from litestar.datastructures import UploadFile

from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust import Access

CSRF_FIELD = "csrf"


class MissingField(InvalidInput):
    """A form lacks a field that it must have."""

    code = "web.missing_field"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form: texts (the last of each name), and files."""

    texts: Mapping[str, str]
    files: Mapping[str, UploadFile]
    lists: Mapping[str, tuple[str, ...]]

    def text(self, name: str, default: str = "") -> str:
        """A field without the spaces around it."""
        return self.texts.get(name, default).strip()

    def required(self, name: str) -> str:
        """A field that must be filled.

        Raises:
            MissingField: it is not.
        """
        value = self.text(name)
        if not value:
            raise MissingField(f"The field {name!r} is empty.", hint="Fill it in, and send the form again.")
        return value

    def is_checked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.texts.get(name, "") not in {"", "0", "off"}


async def posted(request: AnyRequest, access: Access) -> Form:
    """Read a form and verify its CSRF token.

    Raises:
        BadCsrf: the token is missing or of another session.
    """
    data = await request.form()
    texts: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            texts[name] = str(value)
            lists.setdefault(name, []).append(str(value))
    access.require_csrf(request.cookies, texts.get(CSRF_FIELD, request.headers.get("x-csrf-token", "")))
    return Form(texts, files, {name: tuple(values) for name, values in lists.items()})
