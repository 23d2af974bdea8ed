"""Tools for recipes: what an assistant may ask about products and shoppers, and a shopper's wish to see less."""

from __future__ import annotations

from zhanggui.app.rooms import Rooms
from zhanggui.recommend import ShowLess

from .results import Tool, ToolResult, answer, few, plain


class RecipeTools:
    """The recipes of one shop; each docstring is what the assistant reads about it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def reading(self) -> tuple[Tool, ...]:
        """Tools that change nothing."""
        return (
            self.bought_together,
            self.complete_basket,
            self.complete_look,
            self.rerank_products,
            self.trending_products,
            self.new_products,
            self.buy_again,
            self.next_best_action,
            self.explain_recommendation,
            self.product_audience,
            self.earned_labels,
            self.products_with_label,
            self.wanted_less,
        )

    def noting(self) -> tuple[Tool, ...]:
        """Tools that note what a shopper asked for: it holds at once, stands in the ledger, and can be taken back."""
        return (self.show_less, self.undo_show_less)

    def bought_together(self, product_id: str, k: int = 10) -> ToolResult:
        """Name what is bought in one go with a product, never another one of its kind; by how many people."""
        return answer(self._rooms.recommend.beside.bought_together(product_id, few(k)))

    def complete_basket(self, product_ids: list[str], k: int = 10) -> ToolResult:
        """Name what is missing in a basket of products; `unknown` are the ids of none."""
        return answer(self._rooms.recommend.beside.complete_basket(product_ids, few(k)))

    def complete_look(self, product_id: str, k: int = 10) -> ToolResult:
        """Name one product of each other category that goes with a product."""
        return answer(self._rooms.recommend.beside.complete_look(product_id, few(k)))

    def rerank_products(self, product_ids: list[str], customer_id: str) -> ToolResult:
        """Put products in the order that suits a customer; `unknown` and `left_out` say what is missing, and why."""
        return answer(self._rooms.recommend.personal.rerank(product_ids, customer_id=customer_id))

    def trending_products(self, category: str = "", hours: int = 24, k: int = 10) -> ToolResult:
        """Name what is wanted in the last hours (at most 720) and more than before, in a category such as 茶/绿茶."""
        return answer(self._rooms.recommend.shelves.trending(category, hours, few(k)))

    def new_products(self, category: str = "", days: int = 30, k: int = 10) -> ToolResult:
        """Name what came into the shop in the last days, newest first."""
        return answer(self._rooms.recommend.shelves.new_arrivals(category, days, few(k)))

    def buy_again(self, customer_id: str, k: int = 10) -> ToolResult:
        """Name what a customer bought before and may want again, the most due first, with their interval."""
        return answer(self._rooms.recommend.personal.buy_again(customer_id, k=few(k)))

    def next_best_action(self, customer_id: str) -> ToolResult:
        """Suggest what to do next about a customer: recommend, remind of the basket, ask for a review, or nothing."""
        return answer(self._rooms.recommend.next_actions.suggest(customer_id))

    def explain_recommendation(self, product_id: str, customer_id: str, k: int = 10) -> ToolResult:
        """Say why a product stands where it does in a customer's list, or which stage lost it, with figures."""
        return answer(self._rooms.recommend.explaining.explain(product_id, customer_id, k=few(k)))

    def product_audience(self, product_id: str, *, for_messages: bool = False) -> ToolResult:
        """Count the shoppers whom a product suits, by reason; nobody is named. `for_messages`: who agreed to those."""
        return answer(self._rooms.recommend.audiences.of(product_id, for_messages=for_messages))

    def earned_labels(self) -> ToolResult:
        """Name the labels that products have earned by how they are ordered, and how many products show each."""
        return {"labels": plain(self._rooms.label_desk.shelves())}

    def products_with_label(self, label: str, k: int = 10) -> ToolResult:
        """Name the products with an earned label, such as again; each with its share, its orders and the average."""
        return answer(self._rooms.recommend.labelled.products(label, few(k)))

    def wanted_less(self, customer_id: str) -> ToolResult:
        """List what a customer wants to see less of, with the ids by which that is taken back."""
        return {"preferences": plain(self._rooms.recommend.preferences(customer_id))}

    def show_less(self, product_id: str, customer_id: str, chips: list[str] | None = None) -> ToolResult:
        """Show a customer less like a product, when they ask for it: it goes, and what shares the chips sinks."""
        wanted = None if chips is None else tuple(chips)
        return answer(
            self._rooms.recommend.show_less(ShowLess(product_id=product_id, customer_id=customer_id, chips=wanted))
        )

    def undo_show_less(self, preference_id: str, customer_id: str) -> ToolResult:
        """Take a "show less" of this customer back, by its id: the next list is what it would have been without."""
        return answer(self._rooms.recommend.undo_show_less(preference_id, customer_id))
