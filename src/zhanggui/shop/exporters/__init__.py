"""Facts as files and back, exactly. Start at `Exporter`."""

from .books import EntryPart
from .exporter import Exporter
from .parts import ExportPart
from .restorer import Restorer

__all__ = ["EntryPart", "ExportPart", "Exporter", "Restorer"]
