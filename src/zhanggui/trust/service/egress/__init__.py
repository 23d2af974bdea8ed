"""The egress register: whom the shop may call, with what, and where that is."""

from .register import EgressRegister, NoContract, UnknownHost

__all__ = ["EgressRegister", "NoContract", "UnknownHost"]
