"""One chain of revisions for the control store and every shop, up and down, on SQLite and PostgreSQL.

A revision is one file in `versions/`, written per room by `python -m zhanggui.app.migrations.draft`; it says what
to do in a `shop` store and what in the `control` store.
"""

from .running import WrongRevision, downgrade, head, require_head, revision_of, upgrade

__all__ = ["WrongRevision", "downgrade", "head", "require_head", "revision_of", "upgrade"]
