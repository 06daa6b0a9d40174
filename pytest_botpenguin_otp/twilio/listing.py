"""Pages of the message list: filters, page tokens and the links between pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from pytest_botpenguin_otp.twilio.dates import read_date
from pytest_botpenguin_otp.twilio.messages import Message, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_botpenguin_otp.twilio.store import Store

__all__ = ["Wanted", "list_page", "media_page", "read_wanted"]

FILTERS = ("To", "From", "DateSent", "DateSent<", "DateSent>")
USUAL_SIZE = 50
LARGEST_SIZE = 1000
LONGEST_NUMBER = 9
ALWAYS = (-(1 << 62), 1 << 62)


class Wanted(NamedTuple):
    """What a list request asks for; `sent` are the first and last virtual millisecond of being sent, None: any."""

    account_sid: str
    filters: tuple[tuple[str, str], ...] = ()
    to: str = ""
    from_: str = ""
    sent: tuple[int, int] | None = None
    size: int = USUAL_SIZE
    page: int = 0
    token: str = ""

    def takes(self, message: Message) -> bool:
        """Say whether a message passes the filters."""
        if self.from_ not in ("", message.from_) or self.to not in ("", message.to):
            return False
        if self.sent is None:
            return True
        return message.sent_ms is not None and self.sent[0] <= message.sent_ms <= self.sent[1]

    def link(self, page: int, token: str = "") -> str:
        """Return the relative address of a page under the same filters."""
        query = [*self.filters, ("PageSize", str(self.size)), ("Page", str(page))]
        if token:
            query.append(("PageToken", token))
        return f"/2010-04-01/Accounts/{self.account_sid}/Messages.json?{urlencode(query)}"


def read_wanted(account_sid: str, params: Iterable[tuple[str, str]]) -> Wanted:
    """Read the query of a list request; raise `ValueError` for a date that is none.

    PageSize is held between 1 and 1000, 50 where it is no number. `DateSent<` and `DateSent>` include their bounds.
    """
    given = dict(params)
    return Wanted(
        account_sid=account_sid,
        filters=tuple((name, given[name]) for name in FILTERS if name in given),
        to=given.get("To", ""),
        from_=given.get("From", ""),
        sent=_sent(given),
        size=min(max(_number(given.get("PageSize"), USUAL_SIZE), 1), LARGEST_SIZE),
        page=_number(given.get("Page"), 0),
        token=given.get("PageToken", ""),
    )


def list_page(store: Store, wanted: Wanted, now_ms: int) -> dict[str, object]:
    """Return one page, newest message first, under exactly the keys that Twilio has."""
    found = list(_matches(store, wanted, now_ms))
    shown = found[: wanted.size]
    more = len(found) > wanted.size
    following = wanted.link(wanted.page + 1, f"PA{shown[-1].sid}") if more else None
    return _page(wanted, "messages", [as_json(message) for message in shown], following)


def media_page(account_sid: str, sid: str) -> dict[str, object]:
    """Return the empty list of a message's media; this fake keeps none."""
    page = _page(Wanted(account_sid), "media_list", [], None)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}/Media.json?PageSize={USUAL_SIZE}&Page=0"
    return page | {"first_page_uri": uri, "uri": uri}


def _matches(store: Store, wanted: Wanted, now_ms: int) -> Iterator[Message]:
    """Yield the messages of the page and, where there is one more, that one."""
    sids = store.sids(wanted.account_sid, wanted.to)
    last = store.get(wanted.token.removeprefix("PA"))
    place = len(sids)
    skip = wanted.page * wanted.size
    if last is not None:
        place, skip = store.index(sids, last), 0
    elif not wanted.from_ and wanted.sent is None:
        place, skip = max(place - skip, 0), 0
    left = wanted.size + 1
    while place and left:
        place -= 1
        message = _kept(store, sids[place]).at(now_ms)
        if wanted.takes(message):
            if skip:
                skip -= 1
            else:
                left -= 1
                yield message


def _kept(store: Store, sid: str) -> Message:
    message = store.get(sid)
    assert message is not None, "the index names only what is kept"  # noqa: S101
    return message


def _page(wanted: Wanted, key: str, records: list[dict[str, object]], following: str | None) -> dict[str, object]:
    start = wanted.page * wanted.size if records else 0
    return {
        "first_page_uri": wanted.link(0),
        "end": start + max(len(records) - 1, 0),
        "previous_page_uri": wanted.link(wanted.page - 1) if wanted.page else None,
        key: records,
        "uri": wanted.link(wanted.page, wanted.token),
        "page_size": wanted.size,
        "start": start,
        "next_page_uri": following,
        "page": wanted.page,
    }


def _sent(given: Mapping[str, str]) -> tuple[int, int] | None:
    bounds = [ALWAYS]
    if "DateSent" in given:
        bounds.append(read_date(given["DateSent"]))
    if "DateSent<" in given:
        bounds.append((ALWAYS[0], read_date(given["DateSent<"])[1]))
    if "DateSent>" in given:
        bounds.append((read_date(given["DateSent>"])[0], ALWAYS[1]))
    if len(bounds) == 1:
        return None
    return max(first for first, _ in bounds), min(last for _, last in bounds)


def _number(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else usual
