"""How a service may answer a call: as the profile says, or with a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall, Question
from pytest_botpenguin_otp.explorer.bounds import Cost
from pytest_botpenguin_otp.explorer.moves import STEP, Move
from pytest_botpenguin_otp.explorer.services import Reply, Services
from pytest_botpenguin_otp.explorer.strangers import is_strange, refusal, said
from pytest_botpenguin_otp.faults import Fault
from pytest_botpenguin_otp.machine import Replied, Silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.machine import Call, Machine, State
    from pytest_botpenguin_otp.profile import Answer
    from pytest_botpenguin_otp.values import Value

__all__ = ["Answering"]

FAULTY = Cost(faults=1, steps=1)
LYING = Cost(beyond=1, faults=1, steps=1)
LANDLINE = Fault(service="twilio", operation="create", code=21614)
STATUSES = (400, 401, 429, 500)
UNMAPPED = (503, 502, 418)
NOT_ANSWERED = ("timeout", "reset", "lost")
OKAY = 200
WRONG = (
    ("M", "malformed", "a body that is cut off"),
    ("y", "empty", "an empty body"),
    ("W", "wrong_type", "a body of the wrong type"),
)
Told = tuple[str, str, Fault, Cost]
"""The key, the label and the cost of a move, and the fault that makes it."""


class Answering:
    """Every answer that a call may get, under one profile."""

    def __init__(self, machine: Machine, bindings: Bindings) -> None:
        self._machine, self._bindings = machine, bindings
        self._services = Services(machine.profile, machine.bot.senders)
        self._faults: dict[str, tuple[Told, ...]] = {}
        self._known: dict[tuple[object, ...], tuple[Move, ...]] = {}
        self._saved: dict[str, tuple[str, ...]] = {}
        self._as_number = machine.profile.code_type == "number"
        components = machine.bot.components.values()
        numeric = (isinstance(known, Question) and known.kind == "numeric_input" for known in components)
        self._zeros_matter = self._as_number or (bool(bindings.user) and any(numeric))

    def moves(self, call: Call, fresh: tuple[str, str], states: Iterable[State] = ()) -> tuple[Move, ...]:
        """Return what may come of `call`; a send makes the first code of `fresh`, or the second, that begins with 0.

        In `states` stands what the answer of an API without a role is compared with.
        """
        held = self._held(call, states)
        key = (call.component, call.request, fresh, tuple([(name, value.text) for name, value in held.items()]))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(self._found(call, fresh, held))
        return known

    def _held(self, call: Call, states: Iterable[State]) -> Mapping[str, Value]:
        """Return what is held by the attributes that a condition compares with those that the call saves."""
        known = self._saved.get(call.component)
        if known is None:
            component = self._machine.bot.components[call.component]
            saves = self._machine.bot.apis[component.api].save if isinstance(component, ApiCall) else ()
            known = self._saved[call.component] = tuple(name for name, _ in saves)
        held: dict[str, Value] = {}
        for state in states:
            held = {**self._bindings.held(known, state), **held}
        return held

    def _found(self, call: Call, fresh: tuple[str, str], held: Mapping[str, Value]) -> Iterator[Move]:
        component = self._machine.bot.components[call.component]
        assert isinstance(component, ApiCall)  # noqa: S101  # no other component calls
        if call.role is None:
            return self._elsewhere(call, component, held)
        if is_strange(self._machine.bot.apis[component.api]):
            return self._of_strangers(call, component, held)
        return self._of_role(call, fresh)

    def _of_role(self, call: Call, fresh: tuple[str, str]) -> Iterator[Move]:
        plain, zero = fresh
        natural = self._services.reply(call, None)
        yield self._move("n", _natural(call, natural), STEP, None, self._coded(natural, plain))
        if natural.code is not None:
            if self._zeros_matter:
                told = f"{call.api} sends a code that begins with 0"
                yield self._move("N", told, STEP, None, self._coded(natural, zero))
            refused = self._services.reply(call, LANDLINE)
            yield self._move("u", f"Twilio refuses the number of {call.api}", STEP, LANDLINE, refused)
        for key, label, fault, cost in self._faults_of(call):
            reply = self._coded(self._services.reply(call, fault), plain)
            yield self._move(key, f"{call.api} {label}", cost, fault, reply)

    def _coded(self, reply: Reply, code: str) -> Reply:
        return reply.with_code(code, as_number=self._as_number)

    @staticmethod
    def _move(key: str, label: str, cost: Cost, fault: Fault | None, reply: Reply) -> Move:
        after_ms = reply.elapsed_ms
        silent = Silent(now_ms=after_ms, kind=reply.silence or "")
        status = reply.status
        return Move(
            key=key,
            kind="answer",
            label=label,
            cost=cost,
            happens=silent if status is None else Replied(now_ms=after_ms, status=status, body=reply.body),
            after_ms=after_ms,
            fault=fault,
            reply=reply,
        )

    def _faults_of(self, call: Call) -> tuple[Told, ...]:
        known = self._faults.get(call.component)
        if known is None:
            known = self._faults[call.component] = tuple(self._worked_out(call))
        return known

    def _statuses(self, call: Call) -> tuple[int, ...]:
        """Return the error statuses: a few common ones, one that the component does not map, and all that it does."""
        component = self._machine.bot.components[call.component]
        responses = component.responses if isinstance(component, ApiCall) else {}
        mapped = {int(code) for code in responses if code.isdecimal()}
        unmapped = next((status for status in UNMAPPED if status not in mapped), UNMAPPED[0])
        return tuple(sorted({*STATUSES, unmapped, *mapped} - {OKAY}))

    def _worked_out(self, call: Call) -> Iterator[Told]:
        def made(**fields: object) -> Fault:
            return Fault.of("botpenguin", str(call.role), fields)

        for status in self._statuses(call):
            told = "" if status // 100 != OKAY // 100 else ", with a failure inside"
            yield f"s{status}", f"answers {status}{told}", made(status=status), LYING if told else FAULTY
        for key, kind in zip("TGX", NOT_ANSWERED, strict=True):
            told = "does what it is to, but its answer is lost" if kind == "lost" else f"does not answer ({kind})"
            yield key, told, made(**{kind: True}), FAULTY
        for key, kind, told in WRONG:
            yield key, f"answers with {told}", made(**{kind: True}), LYING
        yield "Y", "answers 200 with the failure flag", made(status=OKAY), LYING
        body = self._without(call)
        if body is not None:
            what = "the code" if call.role == "send" else "the flag"
            yield "Z", f"answers well, but without {what}", made(body=body), LYING

    def _without(self, call: Call) -> str | None:
        """Return the body of a good answer, the one field left out that the flow needs."""
        profile = self._machine.profile
        answer: Answer = profile.send_ok if call.role == "send" else profile.verify_ok
        tree = json.loads(answer.render(code="", message=""))
        inside = tree
        *way, last = (profile.code_path if call.role == "send" else profile.flag_path).split(".")
        for part in way:
            inside = inside.get(part) if isinstance(inside, dict) else None
        if not isinstance(inside, dict) or last not in inside:
            return None
        del inside[last]
        return json.dumps(tree)

    def _elsewhere(self, call: Call, component: ApiCall, held: Mapping[str, Value]) -> Iterator[Move]:
        """Answer for a service of which nothing is known: with nothing that is to be saved, or with all of it."""
        yield self._move("n", f"{call.api} answers 200", STEP, None, Reply(status=OKAY, body=b"{}"))
        if self._machine.bot.apis[component.api].save:
            yield from self._saying(call, component, 1, held)
        yield from self._failing(call)

    def _of_strangers(self, call: Call, component: ApiCall, held: Mapping[str, Value]) -> Iterator[Move]:
        """Answer for an own backend: a send may go well, a verify call says no, and both fail in every way."""
        if call.role == "verify":
            yield self._move("n", f"{call.api} finds the codes different", STEP, None, refusal(component))
        else:
            yield from self._saying(call, component, 0, held)
        yield from self._failing(call)

    def _saying(self, call: Call, component: ApiCall, first: int, held: Mapping[str, Value]) -> Iterator[Move]:
        every = said(self._machine.bot.apis[component.api], self._bindings, held)
        for number, (told, reply) in enumerate(every, first):
            yield self._move(f"n{number or ''}", f"{call.api} answers {told}", STEP, None, reply)

    def _failing(self, call: Call) -> Iterator[Move]:
        for status in self._statuses(call):
            yield self._move(
                f"s{status}", f"{call.api} answers {status}", FAULTY, None, Reply(status=status, body=b"{}")
            )
        limit_ms = self._machine.profile.timeout_s * 1000
        for key, kind, elapsed_ms in (("T", "timeout", limit_ms), ("G", "reset", 0)):
            told = f"{call.api} does not answer ({kind})"
            yield self._move(key, told, FAULTY, None, Reply(silence=kind, elapsed_ms=elapsed_ms))
        for (key, _, told), body in zip(WRONG, (b"{", b"", b"[{}]"), strict=True):
            yield self._move(key, f"{call.api} answers with {told}", LYING, None, Reply(status=OKAY, body=body))


def _natural(call: Call, reply: Reply) -> str:
    if call.role == "send":
        return f"{call.api} sends a code" if reply.code else f"{call.api} refuses to send ({reply.status})"
    if reply.yes:
        return f"{call.api} finds both codes the same"
    return f"{call.api} finds the codes different" if reply.no else f"{call.api} refuses the call ({reply.status})"
