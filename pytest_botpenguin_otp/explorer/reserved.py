"""The numbers that users of an exploration have."""

from __future__ import annotations

__all__ = ["PHONES"]

PHONES = {
    "US": ("+1 415 555 0123", "+1 415 555 0142"),
    "GB": ("+44 7700 900123", "+44 7700 900142"),
    "AU": ("+61 491 570 006", "+61 491 570 156"),
    "FR": ("+33 6 39 98 00 12", "+33 6 39 98 00 34"),
    "SE": ("+46 70 174 06 05", "+46 70 174 06 33"),
    "IE": ("+353 20 912 3456", "+353 20 912 3465"),
}
"""Numbers reserved for fiction, two of a country (NANPA 555-01xx, Ofcom, ACMA, ARCEP, PTS, ComReg)."""
