"""The rules that are decided by trying every answer of user and services, by code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.rules.dynamic import answering, telling, trying
from pytest_botpenguin_otp.rules.dynamic.entering import changed, checked, left_over, told_yes, unchecked
from pytest_botpenguin_otp.rules.dynamic.scene import Hit, Scene, Watch, WatchOf

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DYNAMIC", "ONCE", "Hit", "Scene", "Watch", "WatchOf"]

DYNAMIC: Mapping[str, tuple[WatchOf, ...]] = {
    "AU01": (unchecked(door=False),),
    "AU02": (checked("no by 200", "bad 200"),),
    "AU03": (checked("no"),),
    "AU04": (checked("empty"),),
    "AU05": (checked("unasked", "itself"),),
    "AU06": (checked("foreign"),),
    "AU07": (checked("failed send"),),
    "AU08": (checked("other phone"),),
    "AU09": (left_over,),
    "AU10": (told_yes("used"),),
    "AU11": (checked("earlier"),),
    "AU12": (told_yes("old"),),
    "AU15": (answering.skipped,),
    "AU16": (checked("error", "silence"),),
    "AU17": (changed,),
    "AU18": (unchecked(door=True),),
    "AU20": (trying.typed_too_early,),
    "AB01": (trying.many_tries,),
    "AB02": (trying.fresh_tries, trying.begun_anew),
    "AB03": (trying.many_sends,),
    "AB04": (trying.too_soon,),
    "AB06": (trying.many_numbers,),
    "AB08": (trying.sends_again,),
    "AB10": (trying.too_many_requests,),
    "IN01": (answering.no_e164,),
    "IN03": (answering.lost_zero,),
    "IN04": (answering.as_number,),
    "IN05": (answering.typed_by_a_human,),
    "IN06": (answering.empty_answer,),
    "IN07": (answering.rewritten,),
    "IN08": (answering.filled_in,),
    "IN11": (answering.too_short,),
    "ER02": (telling.asked_anyway,),
    "ER03": (telling.called_wrong,),
    "ER06": (telling.silent_end,),
    "ER07": (telling.handed_over,),
    "ER09": (trying.revoked,),
}
"""Each rule with a part that the exploration decides, and what watches for it."""

ONCE = frozenset({"AB02", "AU10", "AU12", "IN03", "IN04", "IN05", "IN07", "IN08"})
"""What no documented component mends, or what follows from the service's answers: told once for a bot."""
