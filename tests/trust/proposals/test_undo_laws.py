"""The law of each kind: apply, then undo, and the fact tables are what they were, to the last column."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.trust.builders import Time, a_draft, a_shop_store, facts_of, proposals_on, stock_the_shop

from zhanggui.shop.types import ProductState, ProductText
from zhanggui.trust import EditProduct, LabelProduct, Proposals, ProposalState, RepriceOffer
from zhanggui.trust.kinds import Label


def free_text(longest: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=longest)


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(str.strip)
texts = st.builds(
    ProductText, title=words, description=free_text(9), attributes=st.dictionaries(words, words, max_size=3)
)
changes = {
    "shop.reprice_offer": st.builds(
        RepriceOffer,
        price_minor=st.integers(5_000, 15_000),
        list_price_minor=st.one_of(st.none(), st.just(msgspec.UNSET), st.integers(15_001, 30_000)),
        price_source=st.one_of(st.none(), st.just("88.8000")),
    ),
    "shop.edit_product": st.builds(
        EditProduct,
        texts=st.one_of(
            st.just(msgspec.UNSET), st.dictionaries(st.sampled_from(["zh", "en", "fr"]), texts, min_size=1)
        ),
        keywords=st.one_of(st.just(msgspec.UNSET), st.lists(words, max_size=4).map(tuple)),
        state=st.one_of(st.just(msgspec.UNSET), st.sampled_from(list(ProductState))),
    ),
    "shop.label_product": st.builds(
        LabelProduct,
        labels=st.lists(
            st.builds(Label, label=words, source=st.sampled_from(["merchant", "behaviour"]), evidence=free_text(5)),
            max_size=4,
            unique_by=lambda label: (label.label, label.source),
        ).map(tuple),
    ),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proposals, Time]]:
    db = a_shop_store(tmp_path_factory.mktemp("laws"))
    stock_the_shop(db)
    time = Time()
    yield proposals_on(db, clock=time), time
    db.close()


@pytest.mark.parametrize("kind", sorted(changes))
def test_apply_then_undo_restores_the_facts(shop: tuple[Proposals, Time], kind: str) -> None:
    proposals, time = shop

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(changes[kind])
    def law(change: msgspec.Struct) -> None:
        time.pass_(seconds=1)
        before = facts_of(proposals.db)
        [proposal] = proposals.propose([a_draft(kind=kind, change=msgspec.to_builtins(change))])
        assert not proposal.is_blocked
        proposals.approve(proposal.id, "user:li")
        time.pass_(seconds=1)
        assert proposals.undo(proposal.id, "user:li").state is ProposalState.UNDONE
        assert facts_of(proposals.db) == before

    law()
