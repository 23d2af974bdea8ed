"""The whole site: the API, and the pages of console, storefront, tour and widgets, behind one front."""

from .application import create_app

__all__ = ["create_app"]
