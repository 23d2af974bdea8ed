"""A language that says which products: `price_minor < 20000 and category under "茶" and not bought within 30d`."""

from .cache import MaskCache, unknown_values
from .masks import Acts, FilterContext, Goods, mask
from .parser import Filter, parse

__all__ = ["Acts", "Filter", "FilterContext", "Goods", "MaskCache", "mask", "parse", "unknown_values"]
