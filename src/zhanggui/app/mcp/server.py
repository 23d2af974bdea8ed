"""The tools: what an assistant may read of a shop, and what it may propose. It decides nothing for the shop."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import zhanggui
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.errors import Unavailable, ZhangguiError
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import ProposalDraft, ProposalState, Rationale

from .audience import ASSISTANT, AudienceTools
from .recipes import RecipeTools
from .results import Tool, ToolResult, answer, few, plain

if TYPE_CHECKING:
    from mcp.server import MCPServer


class McpMissing(Unavailable):
    """The extra `mcp` is not installed."""

    code = "app.mcp_missing"


def build_server(rooms: Rooms) -> MCPServer[Any]:
    """The MCP server of one shop.

    Raises:
        McpMissing: the SDK is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError as error:
        raise McpMissing(
            "Tools for assistants need a library that is not installed.", hint="Install: pip install 'zhanggui[mcp]'"
        ) from error
    server: MCPServer[Any] = MCPServer(
        name="zhanggui",
        version=zhanggui.__version__,
        instructions=(
            f"Tools of the shop {rooms.name!r}. Reading changes nothing. Whatever should change is proposed: a person, "
            "or an autonomy level that a person set, decides. What a shopper asks to see less of holds at once, and is "
            "undone by its id. Prices are integers of minor units (分)."
        ),
    )
    tools, audience, recipes = Tools(rooms), AudienceTools(rooms), RecipeTools(rooms)
    for tool in (*tools.reading(), *recipes.reading(), *audience.reading()):
        server.tool(annotations=ToolAnnotations(read_only_hint=True))(_with_our_errors(tool))
    for tool in (*tools.proposing(), *audience.proposing(), *recipes.noting()):
        hints = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False)
        server.tool(annotations=hints)(_with_our_errors(tool))
    return server


class Tools:
    """The tools of one shop; each docstring is what the assistant reads about it."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def reading(self) -> tuple[Tool, ...]:
        """Tools that change nothing."""
        return (
            self.list_products,
            self.get_product,
            self.get_order,
            self.recommend_for_customer,
            self.similar_products,
            self.popular_products,
            self.list_proposals,
            self.verify_ledger,
            self.discover,
        )

    def proposing(self) -> tuple[Tool, ...]:
        """Tools that leave a proposal."""
        return (self.propose_price, self.propose_product_edit)

    def list_products(self, after: str | None = None, limit: int = 20) -> ToolResult:
        """List products of the shop. `after` is the id of the last product of the page before; `limit` at most 50."""
        products = self._rooms.catalogue.products(after, few(limit))
        return {"products": plain(products), "after": products[-1].id if len(products) == few(limit) else None}

    def get_product(self, product_id: str) -> ToolResult:
        """Show one product with its offers: prices in minor units, stock, market, channel."""
        product = self._rooms.catalogue.product(product_id)
        return {"product": plain(product), "offers": plain(self._rooms.catalogue.offers([product_id]))}

    def get_order(self, order_id: str) -> ToolResult:
        """Show one order with its lines and shipments, for serving its buyer."""
        return {"order": plain(self._rooms.orders.order(order_id, Purpose.SERVICE))}

    def recommend_for_customer(self, customer_id: str, k: int = 10) -> ToolResult:
        """Recommend products to a customer, each with its reason in words and the events that it rests on."""
        return answer(self._rooms.recommend.for_customer(customer_id, few(k)))

    def similar_products(self, product_id: str, k: int = 10) -> ToolResult:
        """Name products that go with one product, each with its reason."""
        return answer(self._rooms.recommend.similar(product_id, few(k)))

    def popular_products(self, k: int = 10) -> ToolResult:
        """Name what sells now."""
        return answer(self._rooms.recommend.popular(few(k)))

    def list_proposals(self, state: str | None = None, limit: int = 20) -> ToolResult:
        """List proposals, newest first. `state`: proposed, queued, applied, undone, rejected, failed or expired."""
        wanted = ProposalState(state) if state else None
        return {"proposals": plain(self._rooms.proposals.list(state=wanted, limit=few(limit)).items)}

    def verify_ledger(self) -> ToolResult:
        """Check that no entry of the ledger was changed, removed or moved."""
        return answer(self._rooms.ledger.verify())

    def discover(self) -> ToolResult:
        """Say what the orders tell at first: stock that runs out or lies, pairs, regulars who stay away (counted)."""
        return answer(self._rooms.discoveries())

    def propose_price(self, product_id: str, price_minor: int, why: str) -> ToolResult:
        """Propose another selling price for a product, in minor units. Nothing changes until it is approved."""
        return self._propose("shop.reprice_offer", product_id, {"price_minor": price_minor}, why)

    def propose_product_edit(self, product_id: str, change: dict[str, Any], why: str) -> ToolResult:
        """Propose another product: `change` is {"texts": {"zh": {"title": …, "description": …}}, "keywords": […]}.

        Fields that are left out stay. Nothing changes until it is approved.
        """
        return self._propose("shop.edit_product", product_id, change, why)

    def _propose(self, kind: str, subject: str, change: dict[str, Any], why: str) -> ToolResult:
        draft = ProposalDraft(
            kind=kind,
            subject=subject,
            change=change,
            reason=Rationale(code="assistant", params={"why": why[:500]}),
            author=ASSISTANT,
        )
        return {"proposals": plain(self._rooms.proposals.propose([draft]))}


def _with_our_errors(tool: Tool) -> Tool:
    """The tool with our errors said so that an assistant can act on them."""
    from mcp.server.mcpserver.exceptions import ToolError

    @functools.wraps(tool)
    def wrapped(**arguments: Any) -> ToolResult:
        try:
            return tool(**arguments)
        except ZhangguiError as error:
            raise ToolError(f"{error} {error.hint}".strip()) from error

    return wrapped
