"""Doors: the same services, reached through httpx, respx or a loopback server."""
