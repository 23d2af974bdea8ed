"""The facts over HTTP: parse, one call of a service, answer."""

from .discoveries import DiscoveryRoutes
from .export import ExportRoutes
from .orders import OrderRoutes
from .people import PeopleRoutes
from .products import ProductRoutes
from .words import WordRoutes

__all__ = ["DiscoveryRoutes", "ExportRoutes", "OrderRoutes", "PeopleRoutes", "ProductRoutes", "WordRoutes"]
