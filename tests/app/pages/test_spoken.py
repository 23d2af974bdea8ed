"""Fixed words of templates are translated when they are read, and read the same as when they were asked each time."""

from __future__ import annotations

from gettext import NullTranslations

import jinja2
import pytest

from zhanggui.app.web.spoken import SpokenEnvironment

SAID = {
    "Tea & cups": "茶 & <b>杯</b>",
    "%(n)s left": "还剩 %(n)s 件",
    "All of it 100%%": "全部 100%%",
    "Green": "绿",
    "Black": "红",
}
TEMPLATES = {
    "plain": '<p title="{{ _("Green") }}">{{ _("Tea & cups") }}</p>',
    "variables": '{{ _("%(n)s left", n=name) }}|{{ gettext("%(n)s left", n=name | upper) }}',
    "block": "{% trans n=name %}{{ n }} left{% endtrans %}|{% trans %}Green{% endtrans %}",
    "percent": '{{ _("All of it 100%%") }}',
    "asked later": "{{ _(which) }}",
    "joined": '{{ _("Tea & cups") ~ "/" ~ _("Green") }}|{{ name ~ _("Tea & cups") }}',
    "chosen": '{{ _("Green") if name else _("Black") }}|{{ {"a": _("Tea & cups")}["a"] }}',
    "macro": '{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(_("Tea & cups")) }}{{ m(x=_("Green")) }}',
    "plural": '{{ ngettext("%(n)s left", "%(n)s left", 2, n=name) }}',
}


class Catalogue(NullTranslations):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def gettext(self, message: str) -> str:
        self.asked += 1
        return SAID.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return SAID.get(msgid1, msgid1) if n == 1 else SAID.get(msgid2, msgid2)


def environment(kind: type[jinja2.Environment], catalogue: Catalogue, *args: object) -> jinja2.Environment:
    made = kind(*args, autoescape=True, undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.i18n"])
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("source", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_a_template_says_what_it_says_when_words_are_asked_each_time(source: str) -> None:
    catalogue = Catalogue()
    plain, spoken = environment(jinja2.Environment, catalogue), environment(SpokenEnvironment, catalogue, catalogue)
    given = {"name": "<Li & Co>", "which": "Tea & cups"}

    assert spoken.from_string(source).render(given) == plain.from_string(source).render(given)


def test_fixed_words_are_asked_once_and_others_each_time() -> None:
    catalogue = Catalogue()
    page = environment(SpokenEnvironment, catalogue, catalogue).from_string('{{ _("Green") }}{{ _(which) }}')
    read = catalogue.asked

    assert [page.render(which="Black") for _ in range(3)] == ["绿红"] * 3
    assert (read, catalogue.asked) == (1, 4)
