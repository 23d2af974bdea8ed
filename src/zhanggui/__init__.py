"""Zhanggui (掌柜): the open AI shopkeeper. Start at `Shop.open("teahouse")`."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhanggui.app.shop import Shop

__all__ = ["Shop", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # `import zhanggui` costs nothing; the house is loaded when somebody asks for it.
    if name == "Shop":
        from zhanggui.app.shop import Shop

        return Shop
    raise AttributeError(f"module 'zhanggui' has no attribute {name!r}")
