"""Facts as files and back, exactly. Start at `Exporter`."""

from .exporter import Exporter
from .parts import ExportPart
from .restorer import Restorer

__all__ = ["ExportPart", "Exporter", "Restorer"]
