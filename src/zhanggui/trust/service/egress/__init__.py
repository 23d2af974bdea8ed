"""The egress register: whom the shop may call, with what, and where that is."""

from .register import EgressRegister

__all__ = ["EgressRegister"]
