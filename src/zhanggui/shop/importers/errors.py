"""Errors of importing: a map that cannot be used, a legal basis that is missing."""

from __future__ import annotations

from zhanggui.kernel.errors import Kind
from zhanggui.shop.errors import ShopError


class BadMap(ShopError):
    """A map that cannot be used, or a file that no map fits."""

    code, kind = "shop.bad_map", Kind.INVALID


class BasisMissing(ShopError):
    """Rows about people need a legal basis."""

    code, kind = "shop.basis_missing", Kind.INVALID


class ImportRuns(ShopError):
    """An import that has not ended yet cannot be taken back."""

    code, kind = "shop.import_runs", Kind.CONFLICT


class ImportKeptNot(ShopError):
    """What stood before an import is kept for a time only."""

    code, kind = "shop.import_not_kept", Kind.CONFLICT


class UnknownImport(ShopError):
    """No import has that id."""

    code, kind = "shop.unknown_import", Kind.NOT_FOUND
