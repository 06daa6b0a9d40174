"""Where secrets stand, and where they are sent."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.template import SecretRef, secrets
from pytest_botpenguin_otp.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_botpenguin_otp.bot import Api, Bot
    from pytest_botpenguin_otp.template import Template

__all__ = ["address", "authorization", "by_post", "elsewhere", "in_url", "written_out"]

HEXADECIMAL = "a token of 32 hexadecimal digits"
"""In a path, such digits are ids more often than not."""

SHAPES = {
    "a Twilio account SID": re.compile(r"\bAC[0-9a-f]{32}\b", re.IGNORECASE),
    "a Twilio API key": re.compile(r"\bSK[0-9a-f]{32}\b", re.IGNORECASE),
    "a JSON web token": re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}\."),
    HEXADECIMAL: re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{32}(?![0-9a-zA-Z])", re.IGNORECASE),
}
"""What secrets look like wherever they stand."""

SECRET_NAME = re.compile(
    r".*(?:token|secret|password|passwd|pwd|passphrase|apikey|accesskey|authkey|secretkey|privatekey|signingkey|"
    r"credentials?|authorization|auth)"
)
"""How names of fields that hold nothing but a secret end, in small letters and without hyphens."""
NO_SECRET = re.compile(r"\s*(?:true|false|yes|no|null|none|[0-9]{1,3})?\s*", re.IGNORECASE)

TWILIOS = frozenset({"accountsid", "authtoken"})
BLANK = re.compile(
    r"\s*(?:(?:bearer|basic|key)\s+)?(?:x{3,}|\.{3,}|\{\w*\}|changeme|todo|token|secret|.*[ _-]here)?\s*", re.IGNORECASE
)
ADDRESS = re.compile(r"[0-9.]+|\[.*|localhost")
HOME = "botpenguin.com"
API_HOST = "api.v7.botpenguin.com"
ALIKE = 0.9
"""Hosts so much alike, and not the same, are taken for a slip or a trap."""


def written_out(bot: Bot) -> Iterator[Finding]:
    """SE01: find secrets that stand in the file; the finding never holds one."""
    for api in bot.apis.values():
        kinds = dict.fromkeys(kind for name, text in _texts(api) for kind in _kinds(name, text))
        for kind in kinds:
            told = f"{api.name} holds {kind} in clear. Write ${{NAME}} in its place, and change the secret."
            yield Finding.of("SE01", api.place, told)
    for component in bot.components.values():
        parts = [part.text for text in reading.shown(component) for part in text if isinstance(part, Value)]
        for kind in dict.fromkeys(kind for part in parts for kind in _shapes(part)):
            told = f"{component.name!r} holds {kind} in clear. Take it out, and change the secret."
            yield Finding.of("SE01", component.place, told)


def _texts(api: Api) -> Iterator[tuple[str, str]]:
    """Yield each literal text with the name of its field; a query's parameters each by itself."""
    yield from _form(api)
    for field in reading.fields(api):
        whole = reading.literal(field.text)
        name = field.name or field.part
        if field.part == "url" and whole is not None:
            yield from parse_qsl(whole.partition("?")[2])
        if whole is not None:
            yield name, whole
        else:
            yield from ((name if field.part == "url" else "", part.text) for part in _values(field.text))


def _form(api: Api) -> Iterator[tuple[str, str]]:
    """Yield the literal fields of a body that is a form."""
    body = "".join(part.text if isinstance(part, Value) else "{{}}" for part in api.body or ())
    if not body.lstrip().startswith(("{", "[")):
        yield from ((name, text) for name, text in parse_qsl(body) if "{{}}" not in text)


def _values(text: Template) -> Iterator[Value]:
    yield from (part for part in text if isinstance(part, Value))


def _kinds(name: str, text: str) -> Iterator[str]:
    found = [kind for kind in _shapes(text) if name != "url" or kind != HEXADECIMAL]
    yield from found
    secret = SECRET_NAME.fullmatch(_plain(name)) and not NO_SECRET.fullmatch(text)
    if not found and secret and not _placeholder(text):
        yield f"the secret of {name!r}"


def _shapes(text: str) -> Iterator[str]:
    yield from (kind for kind, shape in SHAPES.items() if shape.search(text))


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _placeholder(text: str) -> bool:
    left_over = contracts.check("botpenguin/headers", {"authorization": text})
    return bool(left_over) or BLANK.fullmatch(text) is not None


def in_url(bot: Bot) -> Iterator[Finding]:
    """SE02: find secrets in URLs and parameters."""
    for api in bot.apis.values():
        for field in reading.fields(api):
            named = secrets(field.text) if field.part in ("url", "params") else ()
            if named:
                told = f"{api.name} has ${{{named[0]}}} in its {field.part}. Move it to headers or body."
                yield Finding.of("SE02", api.place, told)


def address(bot: Bot) -> Iterator[Finding]:
    """SE03: find URLs without https, and hosts that cannot be meant."""
    for api in bot.apis.values():
        text = reading.address(api)
        for why in filter(None, (_unencrypted(text), _strange(text, reading.host(api)))):
            yield Finding.of("SE03", api.place, f"{api.name}: {why}")


def _unencrypted(url: str) -> str:
    if url.lower().startswith("https://"):
        return ""
    return "its URL does not begin with https://, so token and code go unencrypted. Write https://."


def _strange(url: str, known: str) -> str:
    if not known:
        return "its URL names no host that can be read. Write https://, the host, and the path."
    if "@" in urlsplit(url).netloc:
        return "its URL holds a user name before the host. Take away everything from // up to @."
    if ADDRESS.fullmatch(known):
        return "its URL names a machine by its address, whose certificate proves nothing. Write the host's name."
    if "{}" in known or known.endswith("."):
        return f"its host {known!r} may be another one than is meant. Write the plain name of the host."
    if _alike(_readable(known)):
        return (
            f"its host {known!r} looks like BotPenguin's and is another. Compare it with {API_HOST} letter by letter."
        )
    return ""


def _readable(known: str) -> str:
    """Return a host as a browser may show it, letters of other alphabets included."""
    try:
        return known.encode("ascii").decode("idna")
    except ValueError:
        return known


def _alike(known: str) -> bool:
    near = "botpenguin" in known or SequenceMatcher(None, known, API_HOST).ratio() >= ALIKE
    return near and known != HOME and not known.endswith(f".{HOME}")


def elsewhere(bot: Bot) -> Iterator[Finding]:
    """SE05: find secrets in texts for the user, Twilio's in other APIs, and one secret at several hosts."""
    for component in bot.components.values():
        for text in reading.shown(component):
            for name in secrets(text):
                told = f"{component.name!r} shows ${{{name}}} to the user. Take it out of the text."
                yield Finding.of("SE05", component.place, told)
    twilios = {secret.name for _, secret in _secrets(bot, "send") if _plain(secret.field) in TWILIOS}
    homes: dict[str, str] = {}
    for api, secret in _secrets(bot):
        home = homes.setdefault(secret.name, reading.host(api))
        if api.role != "send" and (secret.name in twilios or _plain(secret.field) in TWILIOS):
            told = f"{api.name} gets ${{{secret.name}}}, which rules the Twilio account. Only Send OTP needs it."
        elif home != reading.host(api):
            told = f"{api.name} gets ${{{secret.name}}}, which another API sends to {home!r}. Give it one of its own."
        else:
            continue
        yield Finding.of("SE05", api.place, told)


def _secrets(bot: Bot, role: str | None = None) -> Iterator[tuple[Api, SecretRef]]:
    for api in bot.apis.values():
        if role in (None, api.role):
            texts: list[Template] = [field.text for field in reading.fields(api)]
            yield from ((api, part) for text in texts for part in text if isinstance(part, SecretRef))


def authorization(bot: Bot) -> Iterator[Finding]:
    """SE06: find BotPenguin's endpoints without an Authorization, or with the guide's placeholder."""
    for api in bot.apis.values():
        if api.role is None or not reading.is_botpenguins(api):
            continue
        given = [text for name, text in api.headers if name.lower() == "authorization"]
        known = reading.literal(given[0]) if given else ""
        if known is not None and "{{" not in known and "${" not in known and _placeholder(known):
            why = "has a placeholder as its Authorization" if given else "has no Authorization header"
            told = f"{api.name} {why}. Write ${{BOTPENGUIN_TOKEN}}, or the name of your own secret."
            yield Finding.of("SE06", api.place, told)


def by_post(bot: Bot) -> Iterator[Finding]:
    """SE10: find Send OTP and Verify OTP with another method than POST."""
    for api in bot.apis.values():
        if api.role is not None and api.method != "POST":
            told = f"{api.name} is called with {api.method}, so its body may be ignored or logged. Choose POST."
            yield Finding.of("SE10", api.place, told)
