"""From a request to what its page is rendered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.settings import Settings
from zhanggui.trust import SESSION_COOKIE, VISITOR_COOKIE, Access

from .formats import Formats
from .languages import kept_in, language_of
from .rendering import Templates, View, query_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Makes the view of a request; one for each worker.

    Attributes:
        templates: render.
        access: makes the tokens of forms.
        settings: of the installation: zone, language and currency of its shops.
        clock: gives the moment.
    """

    templates: Templates
    access: Access
    settings: Settings
    clock: Clock

    def of(self, request: AnyRequest, **shared: Any) -> View:
        """The view of a request; `shared` is given to every template."""
        return self.of_scope(request.scope, request.cookies, shared)

    def of_scope(self, scope: Any, cookies: Mapping[str, str], shared: Mapping[str, Any]) -> View:
        """The same, from the ASGI scope."""
        shop = self.settings.shop
        query = query_of(scope["query_string"])
        accept = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"), "")
        visitor_id = cookies.get(VISITOR_COOKIE, "")
        # Whoever has neither session nor visitor gets one with the page: its forms need something to be held against.
        newcomer = "" if visitor_id or SESSION_COOKIE in cookies else new_id()
        language = language_of(query, cookies.get(kept_in(scope["path"])[0]), accept, shop.language)
        return View(
            templates=self.templates,
            language=language,
            formats=Formats(language, ZoneInfo(shop.time_zone), shop.currency, self.clock()),
            path=scope["path"],
            query=query,
            csrf=self.access.csrf_of({**cookies, VISITOR_COOKIE: newcomer} if newcomer else cookies),
            visitor_id=visitor_id or newcomer,
            is_new_visitor=bool(newcomer),
            is_secure=scope.get("scheme") == "https",
            shared=shared,
        )
