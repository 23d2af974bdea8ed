"""Notices with their versions, and consent for single channels."""
