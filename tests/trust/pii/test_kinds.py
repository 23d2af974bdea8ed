"""Each kind of personal data is named wherever kinds are named; a new one shows here."""

from __future__ import annotations

from typing import get_args

import pytest

from zhanggui.app.console.guard import KIND_WORDS
from zhanggui.trust.engines.pii import KINDS, placeholder
from zhanggui.trust.engines.pii.folding import MARKS, OPAQUE, folded
from zhanggui.trust.engines.pii.redacting import PLACEHOLDERS
from zhanggui.trust.types.guard import GuardLanguage, PiiKind


def test_the_kinds_that_answers_and_the_console_name_are_those_that_are_found() -> None:
    assert get_args(PiiKind) == KINDS
    assert KIND_WORDS.keys() == set(KINDS)


@pytest.mark.parametrize("lang", get_args(GuardLanguage))
def test_every_kind_has_a_placeholder_of_its_own_that_is_known_again(lang: str) -> None:
    written = {kind: placeholder(kind, 7, lang) for kind in KINDS}

    assert len(set(written.values())) == len(KINDS)
    for kind, text in written.items():
        match = PLACEHOLDERS.fullmatch(text)
        assert match is not None
        assert match.group(kind)


def test_every_kind_has_a_mark_that_no_text_can_bring_along() -> None:
    assert tuple(MARKS) == KINDS
    assert len(set(OPAQUE)) == len(KINDS)
    assert not set(OPAQUE) & set(folded(OPAQUE))
