"""The processes of an installation: supervisor, workers, the jobs process. Start at `serve`."""

from .address import PortTaken, PublicWithoutTls, TlsUnusable, free_port, pages_address
from .doctor import Finding, doctor
from .job_loop import WorkLoop, work
from .supervisor import Targets, serve

__all__ = [
    "Finding",
    "PortTaken",
    "PublicWithoutTls",
    "Targets",
    "TlsUnusable",
    "WorkLoop",
    "doctor",
    "free_port",
    "pages_address",
    "serve",
    "work",
]
