"""The messages of one fake Twilio, found by sid, by account and by number in constant time."""

from __future__ import annotations

from bisect import bisect_left
from heapq import merge
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pytest_botpenguin_otp.twilio.messages import Message

__all__ = ["Store"]


class Store:
    """What the API would show, and apart from it what reached handsets, which neither redacting nor deleting undoes."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self._sids: dict[tuple[str, str], list[str]] = {}
        self._arrived: list[Message] = []
        self._arrived_at: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._messages.values())

    def put(self, message: Message) -> None:
        """Keep a new message, or put this one in the place of the one with its sid."""
        if message.sid not in self._messages:
            self._sids.setdefault((message.account_sid, ""), []).append(message.sid)
            self._sids.setdefault((message.account_sid, message.to), []).append(message.sid)
        self._messages[message.sid] = message

    def get(self, sid: str) -> Message | None:
        """Return a message as it was put."""
        return self._messages.get(sid)

    def remove(self, message: Message) -> None:
        """Forget a message that is kept."""
        for to in ("", message.to):
            sids = self._sids[message.account_sid, to]
            del sids[self.index(sids, message)]
        del self._messages[message.sid]

    def sids(self, account_sid: str, to: str = "") -> Sequence[str]:
        """Return the sids of an account's messages, or of those to one number, oldest first; not a copy."""
        return self._sids.get((account_sid, to), [])

    def to(self, numbers: Collection[str]) -> Iterator[Message]:
        """Yield the messages of all accounts to `numbers`, oldest first."""
        keys = [key for key in self._keys(numbers) if key in self._sids]
        found = [self._messages[sid] for key in keys for sid in self._sids[key]]
        return iter(sorted(found, key=lambda message: message.position))

    def _keys(self, numbers: Collection[str]) -> Iterator[tuple[str, str]]:
        return ((account, number) for account, to in list(self._sids) if not to for number in numbers)

    def index(self, sids: Sequence[str], message: Message) -> int:
        """Return where `message` stands, or would stand, among `sids`."""
        return bisect_left(sids, message.position, key=lambda sid: self._messages[sid].position)

    def arrive(self, message: Message) -> None:
        """Note that a message reached its handset."""
        self._arrived_at.setdefault(message.to, []).append(len(self._arrived))
        self._arrived.append(message)

    def arrivals(self, numbers: Collection[str] | None) -> Iterator[Message]:
        """Yield what reached the handsets of `numbers` (None: all), newest first."""
        if numbers is None:
            yield from reversed(self._arrived)
            return
        places = [reversed(self._arrived_at[number]) for number in numbers if number in self._arrived_at]
        for place in places[0] if len(places) == 1 else merge(*places, reverse=True):
            yield self._arrived[place]

    def arrived_at(self) -> Collection[str]:
        """Return the numbers whose handsets got anything."""
        return self._arrived_at.keys()
