"""OTP calls of another shape than the documented one: an own backend takes them, and no fake can answer them."""

from __future__ import annotations

import json
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import ApiCall
from pytest_botpenguin_otp.bot.model import SEND_PATH, VERIFY_PATH
from pytest_botpenguin_otp.explorer.services import Reply
from pytest_botpenguin_otp.explorer.texts import UNKNOWN, other

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_botpenguin_otp.bot import Api, Bot
    from pytest_botpenguin_otp.explorer.bindings import Bindings
    from pytest_botpenguin_otp.template import Template
    from pytest_botpenguin_otp.values import Value

__all__ = ["is_strange", "refusal", "said", "unanswered"]

WANTED = {"send": ("toNumber",), "verify": ("systemOtp", "userOtp")}
"""The keys by which the body of each documented call is known."""
OKAY, REFUSED = 200, 400
NUMBER = "+14155550123"
"""What a service says where a code is sent to what it says: a number reserved for fiction."""


def is_strange(api: Api) -> bool:
    """Say whether an API has a role, and neither URL nor body are those of the documented call."""
    wanted = WANTED.get(api.role or "", ())
    path = _plain(api.url).partition("?")[0].rstrip("/")
    body = _plain(api.body or ())
    return not path.endswith((SEND_PATH, VERIFY_PATH)) and any(f'"{key}"' not in body for key in wanted)


def unanswered(bot: Bot) -> tuple[ApiCall, ...]:
    """Return the components that call such an API to verify: what their yes is, and what comes of it, is not known."""
    calls = (part for part in bot.components.values() if isinstance(part, ApiCall))
    return tuple(part for part in calls if bot.apis[part.api].role == "verify" and is_strange(bot.apis[part.api]))


def said(api: Api, bindings: Bindings, held: Mapping[str, Value] = MappingProxyType({})) -> Iterator[tuple[str, Reply]]:
    """Yield what an API may answer by 200, each with its name: all that is saved in every way that a condition tells.

    The first is what the first conditions want; `held` are the attributes that they compare the answer with. What a
    verify call says by a yes is for its service alone to know.
    """
    texts: dict[str, dict[str, str]] = {}
    for attribute, path in api.save:
        known = texts.setdefault(path, {})
        known.update({text: repr(text) for text in bindings.literals(attribute)})
        for name, text in bindings.texts.made(attribute, held):
            known.setdefault(text, name)
    inner = [path for path in sorted(texts) if not any(other.startswith(f"{path}.") for other in texts)]
    numbers = {path for attribute, path in api.save if attribute in bindings.phones}
    unnamed = {path: other("", texts[path], NUMBER if path in numbers else UNKNOWN) for path in inner}
    for chosen in product(*((*texts[path], unnamed[path]) for path in inner)):
        found = dict(zip(inner, chosen, strict=True))
        told = [f"{path} {texts[path].get(text, repr(text))}" for path, text in found.items() if texts[path]]
        yield f"200{' with ' if told else ''}{' and '.join(told)}", _reply(found)


def refusal(component: ApiCall) -> Reply:
    """Return how a service refuses a code: by the first error of the client that the component maps."""
    mapped = sorted(int(code) for code in component.responses if code.isdecimal())
    status = next((code for code in mapped if code // 100 == REFUSED // 100), REFUSED)
    return Reply(status=status, body=b"{}")


def _reply(texts: dict[str, str]) -> Reply:
    tree: dict[str, object] = {}
    for path, text in texts.items():
        inside = tree
        *way, last = path.split(".")
        for part in way:
            after = inside.setdefault(part, {})
            assert isinstance(after, dict)  # noqa: S101  # no path leads through the end of another
            inside = after
        inside[last] = text
    return Reply(status=OKAY, body=json.dumps(tree).encode(), yes=True)


def _plain(text: Template) -> str:
    return "".join(getattr(part, "text", "") for part in text)
