"""What is asked of every page that stands in a browser: the look, axe-core, and no English on a Chinese one."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Page

AXE = Path(__file__).parent / "axe/node_modules/axe-core/axe.min.js"
Probe = Callable[[Page], list[str]]
"""Names what is wrong with an open page."""

SERIOUS = """async () => {
  const grave = ["serious", "critical"];
  const unasked = (rule) => !rule.enabled || rule.tags.some((tag) => ["experimental", "deprecated"].includes(tag));
  const rules = axe._audit.rules.filter((rule) => grave.includes(rule.impact) && !unasked(rule)).map((rule) => rule.id);
  const said = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return said.violations.filter((one) => grave.includes(one.impact));
}"""
"""Of the rules that axe asks by itself, those that can find something serious."""

ENGLISH = """() => {
  const row = /[a-z]{2,},? [a-z]{2,},? [a-z]{2,}/i, found = [];
  const apart = "code, kbd, pre, samp, script, style, template, textarea, svg, .mono, [lang]:not([lang^=zh])";
  const command = /zhanggui( [a-z-]+)+/g;
  const isEnglish = (text) => row.test(text.replace(command, ""));
  const tell = (element, text) => { if (isEnglish(text) && !element.closest(apart)) found.push(text.trim()); };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) tell(node.parentElement, node.data);
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const each of document.querySelectorAll(`[${name}]`)) tell(each, each.getAttribute(name));
  return found;
}"""
"""Three English words in a row, outside of code, keys, ids, commands, and of what says it is in another language."""


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out."""
    found = page.evaluate(SERIOUS)
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]


def english(page: Page) -> list[str]:
    """On a Chinese page: sentences that no catalogue has put into Chinese."""
    return [f"says in English: {text[:160]}" for text in page.evaluate(ENGLISH)]


def probes(language: str) -> tuple[Probe, ...]:
    """All that is asked of a page in a language."""
    return (serious, LOOK.own_probe, *((english,) if language == "zh" else ()))


def _check_look() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts/check_look.py"
    spec = importlib.util.spec_from_file_location("check_look", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOOK = _check_look()
"""The script that checks the look of a running server."""
