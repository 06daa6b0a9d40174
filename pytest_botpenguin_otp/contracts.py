"""The contracts: JSON Schemas by name, and what of an instance breaks one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.errors import ContractError, did_you_mean
from pytest_botpenguin_otp.masks import plain

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import Draft202012Validator, ValidationError
    from referencing.jsonschema import SchemaRegistry

__all__ = ["BASE", "Check", "Fault", "Timing", "check", "directory", "names", "schema", "timing", "validator"]

BASE = "https://botpenguin-otp.invalid/v1/"
"""What `$id` of each contract begins with; the rest is its path below contracts/."""

PLACES = (Path(__file__).parent / "_contracts", Path(__file__).parent.parent / "contracts")
SUFFIX = ".schema.json"
SHARED = "common"
WIRE = ("botpenguin/", "twilio/")
SECRETIVE = re.compile(r"sid|auth|token|secret|password|phone|headers|params|body|url", re.IGNORECASE)
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HARMLESS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}")
LONGEST_SHOWN = 60
KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
SIZES = ("minProperties", "maxProperties")
UNKNOWN = "additionalProperties"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that breaks a contract.

    `path` leads to the mapping, list or value that is wrong, and `keyword` is the JSON Schema keyword that it breaks.
    For an unknown key, a missing one or a bad name, `path` is that of the mapping, and `key` the key; it is None too
    where the key itself might be a secret. `known` holds the valid keys or choices where there is a list of them;
    `message` does not repeat it.
    """

    path: tuple[str | int, ...] = ()
    message: str
    keyword: str
    known: tuple[str, ...] = ()
    key: str | None = None

    @property
    def pointer(self) -> str:
        """The place as a JSON path, such as `$.apis['Send OTP'].method`."""
        return "$" + "".join(_segment(part) for part in self.path)

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}"


Check = Callable[[object], tuple[Fault, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The delays, in seconds, that BotPenguin asks a flow to keep, and who says so."""

    send_to_verify_s: int
    reverify_s: int
    source: str


def directory(places: Iterable[Path] = PLACES) -> Path:
    """Return the directory that holds the contracts: in the package, else beside it (an editable install)."""
    tried = tuple(places)
    for place in tried:
        if (place / f"{SHARED}{SUFFIX}").is_file():
            return place
    raise ContractError(
        f"The contracts are missing from this installation: looked in {', '.join(map(str, tried))}. "
        "Install it again: pip install --force-reinstall pytest-botpenguin-otp"
    )


def names() -> tuple[str, ...]:
    """Return the name of every contract, sorted, such as `bot` and `botpenguin/send-request`."""
    return tuple(sorted(name for name in _schemas() if name != SHARED))


def schema(name: str) -> Mapping[str, object]:
    """Return the JSON Schema of that name as it stands in its file; raise `ContractError` for an unknown one."""
    if name not in names():
        raise ContractError(f"There is no contract {name!r}. {did_you_mean(name, names())}")
    return _schemas()[name]


@cache
def timing() -> Timing:
    """Return the documented delays, read from contracts/timing.json."""
    data = json.loads((directory() / "timing.json").read_text(encoding="utf-8"))
    return Timing(send_to_verify_s=data["send_to_verify_s"], reverify_s=data["reverify_s"], source=data["source"])


def check(name: str, instance: object) -> tuple[Fault, ...]:
    """Return all that breaks the contract `name` in `instance`, sorted by place; nothing where it is kept."""
    return validator(name)(instance)


@cache
def validator(name: str) -> Check:
    """Return the function that `check` calls for `name`, for whoever checks often."""
    import jsonschema_rs

    is_valid = jsonschema_rs.validator_for(dict(schema(name)), registry=_fast_registry(), offline=True).is_valid

    def faults(instance: object) -> tuple[Fault, ...]:
        try:
            kept = is_valid(instance)
        except ValueError:
            kept = _kept(is_valid, instance)
        return () if kept else _explain(name, instance)

    return faults


def _kept(is_valid: Callable[[object], bool], instance: object) -> bool:
    """Judge a value that was handed to a test; a lone surrogate, or a key that is no text, JSON cannot say."""
    try:
        return is_valid(plain(instance))
    except ValueError:
        return False


@cache
def _schemas() -> Mapping[str, dict[str, object]]:
    root = directory()
    return {
        path.relative_to(root).as_posix().removesuffix(SUFFIX): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob(f"*{SUFFIX}"))
    }


@cache
def _fast_registry() -> jsonschema_rs.Registry:
    import jsonschema_rs

    return jsonschema_rs.Registry((f"{BASE}{name}{SUFFIX}", content) for name, content in _schemas().items())


@cache
def _slow_registry() -> SchemaRegistry:
    from referencing.jsonschema import DRAFT202012, EMPTY_REGISTRY

    found = ((f"{BASE}{name}{SUFFIX}", DRAFT202012.create_resource(s)) for name, s in _schemas().items())
    return EMPTY_REGISTRY.with_resources(found)


@cache
def _slow_validator(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(name), registry=_slow_registry())


def _explain(name: str, instance: object) -> tuple[Fault, ...]:
    wire = name.startswith(WIRE)
    errors = _slow_validator(name).iter_errors(instance)
    faults = dict.fromkeys(fault for error in errors for fault in _faults(error, wire=wire))
    return tuple(sorted(_quiet(faults), key=_order))


def _quiet(faults: Collection[Fault]) -> list[Fault]:
    """Leave out what only repeats a cause: the rest of a wrong type, the size of a mapping with a wrong key."""
    mistyped = {fault.path for fault in faults if fault.keyword == "type" and fault.key is None}
    misnamed = {fault.path for fault in faults if fault.keyword == UNKNOWN}
    return [
        fault
        for fault in faults
        if not (fault.path in mistyped and fault.keyword != "type")
        and not (fault.path in misnamed and fault.keyword in SIZES)
    ]


def _order(fault: Fault) -> tuple[bool, list[tuple[bool, int, str]], str, str]:
    places = [(True, part, "") if isinstance(part, int) else (False, 0, part) for part in fault.path]
    return fault.keyword == UNKNOWN, places, fault.key or "", fault.keyword


def _faults(error: ValidationError, *, wire: bool) -> list[Fault]:
    """Return one fault for each key that `error` is about, or the one that it tells of its value."""
    path = tuple(part if isinstance(part, int) else str(part) for part in error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        return [_misnamed(path, error, wire=wire)]
    here = error.instance if isinstance(error.instance, Mapping) else {}
    match error.validator:
        case "required":
            missing = [str(key) for key in _wanted(error) if key not in here]
            return [Fault(path=path, message=f"The key {k!r} is missing.", keyword="required", key=k) for k in missing]
        case "additionalProperties":
            known = _known(error)
            return [_unknown(path, str(key), known, wire=wire) for key in here if key not in known]
        case "enum" | "const":
            return [_no_choice(path, error, wire=wire)]
    message = f"{_shown(path, error.instance, wire=wire)} is not {_description(error)}."
    return [Fault(path=path, message=message, keyword=str(error.validator))]


def _misnamed(path: tuple[str | int, ...], error: ValidationError, *, wire: bool) -> Fault:
    key = str(error.instance)
    shown = not wire or HARMLESS.fullmatch(key)
    called = f"The name {key!r}" if shown else "A name here"
    message = f"{called} is not {_description(error)}."
    return Fault(path=path, message=message, keyword="propertyNames", key=key if shown else None)


def _unknown(path: tuple[str | int, ...], key: str, known: tuple[str, ...], *, wire: bool) -> Fault:
    if wire and not HARMLESS.fullmatch(key):
        return Fault(path=path, message="A key here is none of the known ones.", keyword=UNKNOWN, known=known)
    return Fault(path=path, message=f"There is no key {key!r} here.", keyword=UNKNOWN, known=known, key=key)


def _no_choice(path: tuple[str | int, ...], error: ValidationError, *, wire: bool) -> Fault:
    known = tuple(dict.fromkeys(_text(choice) for choice in _wanted(error)))
    message = f"{_shown(path, error.instance, wire=wire)} is none of the choices here."
    return Fault(path=path, message=message, keyword=str(error.validator), known=known)


def _description(error: ValidationError) -> str:
    """Return what is wanted, in words that follow 'is not'."""
    described = error.schema.get("description") if isinstance(error.schema, Mapping) else None
    return str(described or " or ".join(KINDS[str(kind)] for kind in _wanted(error)))


def _wanted(error: ValidationError) -> tuple[object, ...]:
    """Return what the broken keyword lists: keys, choices or types."""
    value = error.validator_value
    return tuple(value) if isinstance(value, list) else (value,)


def _known(error: ValidationError) -> tuple[str, ...]:
    """Return the keys that a closed mapping may have, as its schema orders them."""
    return tuple(error.schema["properties"]) if isinstance(error.schema, Mapping) else ()


def _shown(path: tuple[str | int, ...], value: object, *, wire: bool) -> str:
    """Return a short, harmless scalar as it stands, else 'This'."""
    scalar = value is None or isinstance(value, str | int | float)
    secretive = wire or any(SECRETIVE.search(part) for part in path if isinstance(part, str))
    return repr(value) if scalar and not secretive and len(str(value)) <= LONGEST_SHOWN else "This"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _segment(part: str | int) -> str:
    return f".{part}" if isinstance(part, str) and PLAIN.fullmatch(part) else f"[{part!r}]"
