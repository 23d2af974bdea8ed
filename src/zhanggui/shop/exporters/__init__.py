"""Facts as files and back, exactly. Start at `Exporter`."""

from .exporter import Exporter
from .restorer import Restorer

__all__ = ["Exporter", "Restorer"]
