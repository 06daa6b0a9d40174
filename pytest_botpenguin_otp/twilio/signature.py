"""X-Twilio-Signature: how Twilio signs what it sends to a webhook."""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["sign"]


def sign(auth_token: str, url: str, params: Iterable[tuple[str, str]]) -> str:
    """Sign a form POST to `url` (Twilio docs, webhooks security).

    HMAC-SHA1 under the account's auth token (never an API key's secret), in base64, of the whole URL without its
    fragment followed by each distinct parameter in order, name and value, nothing between them.
    """
    text = url.partition("#")[0] + "".join(name + value for name, value in sorted(set(params)))
    return b64encode(hmac.digest(auth_token.encode(), text.encode(), "sha1")).decode()
