"""What the rules must know of the way to a state, and the state itself does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_botpenguin_otp.explorer.bounds import GAPS_S
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.machine.telling import says_yes

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.explorer.bounds import Bounds
    from pytest_botpenguin_otp.explorer.moves import Move
    from pytest_botpenguin_otp.machine import Call, State
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.values import Value
    from pytest_botpenguin_otp.wire import Request

__all__ = ["FLAWS", "Check", "Ghost", "Sent", "advance", "anew"]

FLAWS = {
    "no": "the service said no",
    "no by 200": "the service said no, with the status of a yes",
    "bad 200": "the status of a yes came without one",
    "error": "the service answered with an error",
    "silence": "the service did not answer",
    "itself": "the code was compared with itself",
    "empty": "one of the codes was empty",
    "pasted": "an answer changed the request",
    "reference": "a typed reference was filled in",
    "left over": "a code was left over from an earlier chat",
    "foreign": "the code that was compared with is not the one that was sent",
    "failed send": "the last send had failed",
    "earlier": "the code was of an earlier send",
    "unasked": "the code was typed before the send",
    "other phone": "the number was changed after the send",
    "changed phone": "the number was changed after the verification",
    "used": "the code had been used",
    "old": "the code was too old",
}
"""Why a verify call makes nobody verified."""
HIDDEN = ("newest", "previous", "phones")
"""Codes and numbers, which are in no `repr`."""


class Sent(NamedTuple):
    """The last send that went well and told the bot so.

    `code` is what the SMS said, `to` the number it went to, `call` and `turn` the machine's counters then; `used` once
    a service took the code for right.
    """

    code: str
    to: str
    call: int
    turn: int
    used: bool = False

    def __repr__(self) -> str:
        return f"Sent(call={self.call}, turn={self.turn}, used={self.used})"


class Check(NamedTuple):
    """A verify call that has an answer, in the terms in which `valid` is defined.

    `told` says that status and flag of the answer told success; `own_code` that systemOtp came unchanged from the code
    in the answer of the last good send; `typed` that userOtp was typed after it; `filled` that neither is empty;
    `same_phone` that the number is still the one the code was sent to; `in_time`, `unused` and `few` (not too many
    wrong codes before) speak of that code too; `yes` is what the service thought, whatever it told. `flaw` names why
    nobody may count as verified by it, empty where a user may: one of `FLAWS`.
    """

    told: bool = False
    own_code: bool = False
    typed: bool = False
    filled: bool = False
    same_phone: bool = False
    in_time: bool = False
    unused: bool = False
    few: bool = False
    yes: bool = False
    flaw: str = ""

    @property
    def valid(self) -> bool:
        """Whether a user may count as verified by this call."""
        return (
            self.told and self.own_code and self.typed and self.filled and self.same_phone
            and self.in_time and self.unused and self.few
        )  # fmt: skip


class Ghost(NamedTuple):
    """What happened so far, as far as a rule can ask.

    `sent` is the last good send and `age_s` at least how many seconds ago: exact while a resend would come too early,
    then the least it can be. `newest` and `previous` are the codes on the user's handset, whatever the bot was told;
    `previous` may be one of an earlier chat. `send_failed` is about the last send call. `sends` counts SMS that left,
    `fails` wrong codes (never reset by a send) and `tries` those since the last SMS, `verifies` verify calls, within
    one chat; each stops one past its limit, and all but `sends`, with which the wait before a resend grows, are at rest
    where no chat with this bot can come to that limit. `phones` are the numbers
    that got an SMS; `typed` says that the newest code was the user's last answer where a code is asked for; `check` is
    the last verify call; `restarts` and `backs` how often the chat was begun anew and how often the
    user went back; `apart` that on the way into a delay something was said that no verified
    user hears. A named tuple as the state is, since each step makes one, and a search hashes them by the thousand.
    """

    sent: Sent | None = None
    age_s: int = 0
    newest: str | None = None
    previous: str | None = None
    send_failed: bool = False
    sends: int = 0
    fails: int = 0
    tries: int = 0
    verifies: int = 0
    phones: tuple[str, ...] = ()
    typed: bool = False
    check: Check | None = None
    restarts: int = 0
    backs: int = 0
    apart: bool = False

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in self._asdict().items() if name not in HIDDEN)
        return f"Ghost({', '.join(shown)})"


def advance(
    ghost: Ghost, move: Move, call: Call | None, before: State, after: State, *, bindings: Bindings, bounds: Bounds
) -> Ghost:
    """Return the ghost after `move` led from `before` to `after`; `call` is the one that it answers."""
    ghost = _older(ghost, after.now_ms - before.now_ms, bounds)
    if move.kind in ("say", "early"):
        kept = move.kind == "early" and bindings.profile.early_answer == "kept"
        asked = kept or (move.kind == "say" and bindings.asks_code(before.at))
        ghost = _renumbered(ghost, before, after, bindings)
        return ghost._replace(typed=move.input == "right code") if asked else ghost
    if move.kind == "press":
        return _pressed(ghost, move)
    if move.reply is None or call is None:
        return ghost
    if call.role == "send":
        return _after_send(ghost, move, after, bindings, bounds)
    return (
        _after_verify(ghost, move, call, before, bindings=bindings, bounds=bounds) if call.role == "verify" else ghost
    )


def _pressed(ghost: Ghost, move: Move) -> Ghost:
    if move.input == "restart":
        return anew(ghost)._replace(restarts=ghost.restarts + 1)
    return ghost._replace(backs=ghost.backs + 1) if move.input == "back" else ghost


def _renumbered(ghost: Ghost, before: State, after: State, bindings: Bindings) -> Ghost:
    """Spoil the last verify call where the number becomes another one."""
    check = ghost.check
    if check is None or bindings.phone(before) == bindings.phone(after):
        return ghost
    old, new = bindings.phone(before), bindings.phone(after)
    if new is None or (old is not None and old.text == new.text):
        return ghost
    return ghost._replace(check=check._replace(same_phone=False, flaw=check.flaw or "changed phone"))


def anew(ghost: Ghost) -> Ghost:
    """Return what is left where the chat begins anew: what is counted is counted within one chat."""
    known = ghost.newest if ghost.newest is not None else ghost.previous
    return Ghost(previous=known, restarts=ghost.restarts, backs=ghost.backs)


def _older(ghost: Ghost, passed_ms: int, bounds: Bounds) -> Ghost:
    """Let time pass: exact where a resend could be too early, in hundreds of seconds beyond, and then just old."""
    if ghost.sent is None or not passed_ms:
        return ghost
    age_s = ghost.age_s + passed_ms // 1000
    if age_s > bounds.max_age_s:
        age_s = bounds.max_age_s + 1
    elif age_s > GAPS_S[-1]:
        age_s = max(GAPS_S[-1], age_s // 100 * 100)
    return ghost._replace(age_s=age_s)


def _after_send(ghost: Ghost, move: Move, after: State, bindings: Bindings, bounds: Bounds) -> Ghost:
    reply = move.reply
    if reply is None or reply.code is None:
        return ghost._replace(send_failed=reply is None or not reply.yes)
    told = says_yes(bindings.profile, "send", reply.status, reply.body)
    good = told and paths.at(paths.read(reply.body), bindings.profile.code_path) is not None
    sent = Sent(code=reply.code, to=reply.to, call=after.call, turn=after.turn) if good else ghost.sent
    return ghost._replace(
        sent=sent,
        age_s=0 if good else ghost.age_s,
        newest=reply.code,
        previous=ghost.newest if ghost.newest is not None else ghost.previous,
        send_failed=not good,
        sends=min(ghost.sends + 1, bounds.sends + 1),
        tries=0,
        phones=tuple(sorted({*ghost.phones, reply.to})),
        typed=False,
    )


def _after_verify(ghost: Ghost, move: Move, call: Call, before: State, *, bindings: Bindings, bounds: Bounds) -> Ghost:
    reply = move.reply
    if reply is None:
        return ghost
    check = _check(ghost, move, call, before, bindings=bindings, bounds=bounds)
    right = check.yes and check.own_code and ghost.sent is not None
    return ghost._replace(
        check=check,
        verifies=min(ghost.verifies + 1, (bounds.verifies or 0) + 1),
        fails=min(ghost.fails + reply.no, bounds.fails + 1),
        tries=min(ghost.tries + reply.no, bounds.fails + 1),
        sent=ghost.sent._replace(used=True) if right and ghost.sent is not None else ghost.sent,
    )


def _check(ghost: Ghost, move: Move, call: Call, before: State, *, bindings: Bindings, bounds: Bounds) -> Check:
    reply, sent, profile = move.reply, ghost.sent, bindings.profile
    system, user = bindings.pair(before, call.api)
    intact = system is not None and user is not None and _fields(call.request) == (system.text, user.text)
    phone = bindings.phone(before)
    check = Check(
        told=reply is not None and says_yes(profile, "verify", reply.status, reply.body),
        own_code=intact and sent is not None and _is_own(system, sent, profile),
        typed=intact and sent is not None and _typed_after(user, sent),
        filled=intact and bool(system and system.text) and bool(user and user.text),
        same_phone=sent is not None and (not bindings.phones or (phone is not None and phone.text == sent.to)),
        in_time=sent is not None and ghost.age_s <= bounds.max_age_s,
        unused=sent is not None and not sent.used,
        few=ghost.fails < bounds.fails,
        yes=reply is not None and reply.yes,
    )
    if not check.told:
        return check._replace(flaw=_unsaid(move, profile))
    names = bindings.pairs[call.api]
    itself = "itself" if names[0] is not None and names[0] == names[1] else ""
    return check._replace(flaw=itself or _mixed_up(call, system, user) or _misplaced(check, ghost, system, profile))


def _mixed_up(call: Call, system: Value | None, user: Value | None) -> str:
    """Say what is wrong with the two codes themselves."""
    sent = _fields(call.request)
    if user is not None and sent[1] != user.text:
        return "reference" if "{{" in user.text else "pasted"
    if not (system and system.text) or not (user and user.text):
        return "empty"
    if sent[0] != system.text:
        return "pasted"
    return "left over" if "left_over" in (system.origin.kind, user.origin.kind) else ""


def _misplaced(check: Check, ghost: Ghost, system: Value | None, profile: Profile) -> str:
    """Say what is wrong with the code that was sent."""
    sent, origin = ghost.sent, None if system is None else system.origin
    if sent is None or origin is None or (origin.kind, origin.place) != ("received", profile.code_path):
        return "foreign"
    flaws = (
        ("failed send", not ghost.send_failed),
        ("earlier", system is not None and system.text.lstrip("0") == sent.code.lstrip("0")),
        ("unasked", check.typed),
        ("other phone", check.same_phone),
        ("used", check.unused),
        ("old", check.in_time),
    )
    return next((flaw for flaw, fine in flaws if not fine), "")


def _unsaid(move: Move, profile: Profile) -> str:
    reply = move.reply
    if reply is None or reply.status is None:
        return "silence"
    if reply.no and move.fault is None:
        return "no by 200" if reply.status == profile.verify_ok.status else "no"
    return "bad 200" if reply.status == profile.verify_ok.status else "error"


def _fields(request: Request) -> tuple[object, object]:
    """Return both codes as the service reads them: the last of equal keys wins."""
    tree = paths.read(request.body)
    return (tree.get("systemOtp"), tree.get("userOtp")) if isinstance(tree, dict) else (None, None)


def _is_own(value: Value | None, sent: Sent, profile: Profile) -> bool:
    if value is None:
        return False
    origin = value.origin
    received = origin.kind == "received" and origin.number == sent.call and origin.place == profile.code_path
    return received and value.text == sent.code


def _typed_after(value: Value | None, sent: Sent) -> bool:
    return value is not None and value.origin.kind == "typed" and value.origin.number > sent.turn
