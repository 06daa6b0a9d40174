"""A quick value is the dataclass that it was, made sooner."""

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from inspect import signature

import pytest

from pytest_botpenguin_otp.frozen import quick


def named():
    """Make a class whose fields have names only, one of them from its base class."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Event:
        now_ms: int

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Told(Event):
        text: str = field(repr=False)
        early: bool = False

    return Told


def placed():
    """Make a class whose fields have places."""

    @dataclass(frozen=True, slots=True)
    class Placed:
        at: str
        number: int = 1

    return Placed


def seen(kind, value):
    """Return all that can be seen of a value."""
    told = {one.name: getattr(value, one.name) for one in fields(kind)}
    return signature(kind), kind.__init__.__doc__, repr(value), hash(value), told, replace(value) == value


@pytest.mark.parametrize(
    ("make", "args", "known"),
    [
        (named, (), {"now_ms": 1, "text": "x"}),
        (named, (), {"now_ms": 1, "text": "x", "early": True}),
        (placed, ("a",), {}),
        (placed, ("a", 2), {}),
        (placed, (), {"at": "a", "number": 3}),
    ],
)
def test_same(make, args, known):
    """It has the fields, defaults, signature, equality, hash and `repr` of the class that it was."""
    kind = make()
    plain = kind(*args, **known)
    before = seen(kind, plain)
    made = quick(kind)(*args, **known)

    assert made == plain
    assert seen(kind, made) == before


@pytest.mark.parametrize(("args", "known"), [((), {}), ((1, "x"), {}), ((), {"now_ms": 1, "text": "x", "more": 1})])
def test_wrong_fields(args, known):
    """Fields that are missing, unknown or given by place where they have names are refused as ever."""
    with pytest.raises(TypeError, match="argument"):
        quick(named())(*args, **known)


def test_frozen():
    """It cannot be changed."""
    made = quick(placed())("a")

    with pytest.raises(FrozenInstanceError):
        made.at = "b"
