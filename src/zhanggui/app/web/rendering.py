"""From a template and its figures to a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import jinja2
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from markupsafe import Markup

from zhanggui.kernel.words import LANGUAGES, named, words
from zhanggui.trust import VISITOR_COOKIE

from .assets import Assets
from .customer_names import customer_name
from .formats import Formats
from .icons import ICONS
from .languages import kept_in, other_language
from .order_words import channel
from .provinces import province
from .spoken import SpokenEnvironment

PACKAGE = Path(__file__).parents[2]
FOLDERS = {
    "web": PACKAGE / "app/web/templates",
    "console": PACKAGE / "app/console/templates",
    "storefront": PACKAGE / "app/storefront/templates",
    "tour": PACKAGE / "app/tour/templates",
    "widgets": PACKAGE / "app/widgets/templates",
    "shop": PACKAGE / "shop/pages",
    "trust": PACKAGE / "trust/pages",
    "recommend": PACKAGE / "recommend/pages",
    "audience": PACKAGE / "audience/pages",
}
"""Where templates lie, by the first part of their name: `trust/inbox.html`."""
POLICY = (
    "default-src 'none'; style-src 'self'; style-src-attr 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
"""Of a page: nothing from another host. Styles of single elements carry figures (`--value`), never code."""
_YEAR_S = 31_536_000


class Templates:
    """All templates, once for each language.

    Args:
        assets: where pages find style sheets and scripts.
    """

    def __init__(self, assets: Assets) -> None:
        loader = jinja2.PrefixLoader({name: jinja2.FileSystemLoader(folder) for name, folder in FOLDERS.items()})
        self._environments = {language: _environment(loader, language, assets) for language in LANGUAGES}

    def render(self, language: str, name: str, context: Mapping[str, Any]) -> str:
        """A finished page; its icons are drawn at its end, each once."""
        shown: set[str] = set()

        def icon(which: str) -> Markup:
            ICONS[which]  # an icon that there is not must fail here, not show nothing
            shown.add(which)
            return Markup(f'<svg class="icon" aria-hidden="true"><use href="#i-{which}"/></svg>')  # noqa: S704

        page = self._environments[language].get_template(name).render(icon=icon, **context)
        return page.replace("</body>", f"{_sprite(shown)}</body>", 1) if shown else page


def _environment(loader: jinja2.BaseLoader, language: str, assets: Assets) -> jinja2.Environment:
    catalogue = words(language)
    environment = SpokenEnvironment(
        catalogue,
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals |= {"asset": assets.address, "language": language}
    environment.filters |= {
        "named": partial(named, language=language),
        "province": partial(province, language=language),
        "channel": partial(channel, language=language),
        "customer": partial(customer_name, language=language),
    }
    return environment


def _sprite(names: set[str]) -> str:
    symbols = "".join(f'<symbol id="i-{name}" viewBox="0 0 24 24">{ICONS[name]}</symbol>' for name in sorted(names))
    return f"<svg hidden>{symbols}</svg>"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One request as a page sees it.

    Attributes:
        templates: renders.
        language: of the reader.
        formats: how the reader sees figures.
        path: of the request.
        query: of the request, last value of each name.
        csrf: what a form of this page must carry.
        visitor_id: of the browser.
        is_new_visitor: whether the browser is told it with this answer.
        is_secure: whether cookies may be sent over TLS only.
        shared: what every template of this face is given.
    """

    templates: Templates
    language: str
    formats: Formats
    path: str
    query: Mapping[str, str]
    csrf: str
    visitor_id: str = ""
    is_new_visitor: bool = False
    is_secure: bool = False
    shared: Mapping[str, Any] = field(default_factory=dict)

    def _(self, msgid: str) -> str:
        """A msgid in the reader's language."""
        return words(self.language).gettext(msgid)

    def html(self, template: str, /, **context: Any) -> str:
        """A page or a part of one."""
        base = {"view": self, "f": self.formats, "csrf": self.csrf, **self.shared}
        return self.templates.render(self.language, template, base | context)

    def page(self, template: str, /, *, status: int = 200, **context: Any) -> Response[str]:
        """A page as an answer."""
        return self.answer(self.html(template, **context), status=status)

    def answer(self, html: str, *, status: int = 200) -> Response[str]:
        """Finished HTML as an answer; a language that the address asks for is kept."""
        headers = {
            "content-security-policy": POLICY,
            "x-frame-options": "SAMEORIGIN",
            "content-language": self.language,
        }
        cookies = [self._language_cookie()] if self.query.get("lang") == self.language else []
        if self.is_new_visitor:
            cookies.append(self.cookie(VISITOR_COOKIE, self.visitor_id, _YEAR_S))
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers, cookies=cookies)

    def cookie(self, name: str, value: str, max_age_s: int | None = None) -> Cookie:
        """A cookie that scripts cannot read and other sites cannot send."""
        return Cookie(
            key=name, value=value, max_age=max_age_s, httponly=True, secure=self.is_secure, samesite="lax", path="/"
        )

    def _language_cookie(self) -> Cookie:
        name, path = kept_in(self.path)
        return replace(self.cookie(name, self.language, _YEAR_S), path=path)

    def go(self, path: str, **query: str) -> Redirect:
        """Lead to another page after a form was taken (303)."""
        return Redirect(f"{path}?{urlencode(query)}" if query else path, status_code=303)

    @property
    def other_language_address(self) -> str:
        """This page in the other language."""
        return f"{self.path}?{urlencode({**self.query, 'lang': other_language(self.language)})}"


def query_of(raw: bytes) -> dict[str, str]:
    """The parameters of an address, the last value of each name."""
    return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=200))
