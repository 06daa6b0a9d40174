"""Everything that a test can reach from a value of ours: attributes, parts, and what methods without arguments give."""

import inspect

from pytest_botpenguin_otp.masks import Masked, MaskedBytes

__all__ = ["SEEN", "walk"]

SEEN = []
"""What a test inside of a test has seen on its walk."""
PACKAGE = "pytest_botpenguin_otp"
WAYS_OUT = {"plain", "answer"}
"""Methods and properties that give a value in clear, as they say."""
PSEUDONYMS = {"cassette"}
"""What holds the text of a file, in which nothing is real."""
ENDLESS = {"shown", "add_account", "add_api_key", "add_messaging_service", "add_test_account"}
"""Methods that give another value of the same kind each time."""
TEXTS = (Masked, MaskedBytes)
HARMLESS = {"hex", "index", "count"}
"""What of a text's methods gives no text."""
MOST = 20_000


def walk(roots):
    """Yield the way to each value that can be reached, and the value; each one once."""
    waiting, seen = list(roots.items()), {}
    while waiting:
        way, value = waiting.pop()
        known = (type(value), value) if isinstance(value, (str, bytes, int, float)) else id(value)
        if known in seen or value is None or isinstance(value, type):
            continue
        seen[known] = value
        assert len(seen) < MOST

        yield way, value
        waiting += parts(way, value)


def parts(way, value):
    """Yield what can be reached from a value in one step."""
    if isinstance(value, dict):
        yield from ((f"{way} key", key) for key in value)
        yield from ((f"{way}[...]", part) for part in value.values())
    elif isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__next__"):
        yield from ((f"{way}[]", part) for part in value)
    if type(value).__module__.startswith(PACKAGE) and not ended(way, value):
        for name in sorted(set(dir(value)) - WAYS_OUT - PSEUDONYMS - ENDLESS - HARMLESS):
            if not name.startswith("_"):
                yield from reached(way, value, name)


def ended(way, value):
    """Say whether the walk ends here: at a number, and at what a method of a text gives."""
    return isinstance(value, (int, float)) or (isinstance(value, TEXTS) and way.endswith(")"))


def reached(way, value, name):
    """Yield an attribute, or what it gives where it can be called without arguments; an error is no value."""
    found = getattr(value, name)
    if not callable(found) or type(found).__module__.startswith(PACKAGE):
        yield f"{way}.{name}", found
    elif needs_nothing(found) and not inspect.iscoroutinefunction(found):
        try:
            yield f"{way}.{name}()", found()
        except Exception as error:  # noqa: BLE001  # whatever it is
            yield f"{way}.{name}() error", str(error)


def needs_nothing(function):
    """Say whether a function can be called without arguments."""
    try:
        told = inspect.signature(function).parameters.values()
    except ValueError:
        return True
    return all(one.default is not one.empty or one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in told)
