"""Every code that a kind of proposal, its rules or the demo's decisions may say has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhanggui.app import decisions
from zhanggui.kernel.words import LANGUAGES, words
from zhanggui.trust import kinds

SOURCES = sorted(Path(kinds.__file__).parent.glob("*.py"))
KINDS = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
DEMO = Path(decisions.__file__).read_text(encoding="utf-8")
SAID = {
    "rule": {f"{rule}.fails" for rule in re.findall(r'rule="([^"]+)"', KINDS)},
    "cure": set(re.findall(r'Cure\(code="(\w+)"', KINDS)),
    "card": set(re.findall(r'Card\(code="(\w+)"', KINDS)),
    "field": set(re.findall(r'label=Phrase\("(\w+)"', KINDS)),
    "proposal": set(re.findall(r'return Phrase\("(\w+)"', KINDS)),
    "kind": set(re.findall(r'name="(shop\.\w+)"', KINDS)),
    "reason": set(re.findall(r'Rationale\(code="(\w+)"', DEMO)) | {"rivals_are_cheaper", "rivals_are_dearer"},
    "effect": set(re.findall(r'why_unknown="(\w+)"', DEMO)),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", SAID)
def test_a_code_has_words(context: str, language: str) -> None:
    catalogue = words(language)

    silent = [code for code in SAID[context] if catalogue.pgettext(context, code) == code]

    assert SAID[context]
    assert not silent
