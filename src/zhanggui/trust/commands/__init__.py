"""Trust on the command line: one `App` for each word after `zhanggui`."""

from .assessment import assess_command, breach_commands
from .brief import brief_command
from .consents import consents_commands
from .contests import contests_commands
from .egress import egress_commands
from .ethics import audit_commands, ethics_commands
from .fairness import commands as fairness_commands
from .figures import figures_commands
from .keys import commands as keys_commands
from .ledger import commands as ledger_commands
from .linkage import linkage_commands
from .persons import commands as person_commands
from .proposals import commands as proposals_commands
from .proposals import pause_command, resume_command
from .users import commands as users_commands
from .watch import watch_commands

__all__ = [
    "assess_command",
    "audit_commands",
    "breach_commands",
    "brief_command",
    "consents_commands",
    "contests_commands",
    "egress_commands",
    "ethics_commands",
    "fairness_commands",
    "figures_commands",
    "keys_commands",
    "ledger_commands",
    "linkage_commands",
    "pause_command",
    "person_commands",
    "proposals_commands",
    "resume_command",
    "users_commands",
    "watch_commands",
]
