"""The facts, imports and first findings on the command line."""

from .discoveries import discover_command
from .facts import export_command, order_commands, people_commands, product_commands, restore_command
from .import_undo import add_import_undo
from .imports import add_import_commands

__all__ = [
    "add_import_commands",
    "add_import_undo",
    "discover_command",
    "export_command",
    "order_commands",
    "people_commands",
    "product_commands",
    "restore_command",
]
