"""Templates whose fixed words are translated when they are read, not each time they are shown."""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

_SAYS = frozenset({"_", "gettext"})


class SpokenEnvironment(jinja2.Environment):
    """The environment of one language.

    A page of the console says a hundred words; each asked the catalogue through four calls, a tenth of the page's time.
    What is only known when a page is shown (`_(name)`, plurals) is asked then, as jinja2 does.
    """

    def __init__(self, catalogue: NullTranslations, **options: Any) -> None:
        super().__init__(**options)
        self._words = _FixedWords(catalogue)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        read = super()._parse(source, name, filename)
        self._words.visit(read)
        return read


class _FixedWords(NodeTransformer):
    """Puts the translation where a template asks for one by a fixed msgid; formatted as jinja2's new style does."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self._catalogue = catalogue

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - jinja2 seeks the name
        self.generic_visit(node)
        if not _is_fixed(node):
            return node
        said = Markup(self._catalogue.gettext(node.args[0].as_const()))  # noqa: S704 - our own catalogue
        if not node.kwargs:
            return nodes.Const(said % {}, lineno=node.lineno)
        named = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        return nodes.Mod(nodes.Const(said), nodes.Dict(named), lineno=node.lineno)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Left as it is: jinja2 joins constants to plain text, which would be escaped twice."""
        return node


def _is_fixed(node: nodes.Call) -> bool:
    asked = node.node
    return (
        isinstance(asked, nodes.Name)
        and asked.name in _SAYS
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and node.dyn_args is None
        and node.dyn_kwargs is None
    )
