"""What is handed to a test is what it was, and does not show itself."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import contracts, journal
from pytest_botpenguin_otp.masks import (
    Masked,
    MaskedBytes,
    MaskedDecimal,
    MaskedNumber,
    handed,
    masked,
    plain,
    told,
    typed,
)
from pytest_botpenguin_otp.wire import Request, Response

SECRET = "hush-483920"
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3),
    max_leaves=6,
)


@given(TREES)
def test_the_same_tree(tree):
    """A tree that was handed out equals the one it was, is written as that one, and can be made plain again."""
    given = handed(tree)

    assert given == tree
    assert json.dumps(given) == json.dumps(tree)
    assert repr(plain(given)) == repr(tree)
    assert handed(given) == tree


@pytest.mark.parametrize(
    ("tree", "shows"),
    [
        ({"data": {"otp": "483920"}}, "{'data': {'otp': <6 characters, masked>}}"),
        ({"data": {"otp": 483920}, "code": 200}, "{'data': {'otp': <6 digits, masked>}, 'code': 200}"),
        ([{"any": 483920.0}], "[{'any': <8 signs, masked>}]"),
        ({"+14155550123": "Hello"}, "{'[12 characters]': 'Hello'}"),
        ({"token": "hush", "pin": 12}, "{'token': <4 characters, masked>, 'pin': <2 digits, masked>}"),
        ({"password": 12}, "{'password': <2 digits, masked>}"),
        ({"message": "It is 483920.", "success": True}, "{'message': 'It is [6 characters].', 'success': True}"),
        ({"status": "queued", "left": None, "price": 0.5}, "{'status': 'queued', 'left': None, 'price': 0.5}"),
    ],
)  # fmt: skip
def test_what_a_tree_shows(tree, shows):
    """Codes, numbers and secrets are masked by their names and by their form; words and small numbers are shown."""
    assert repr(handed(tree)) == shows


@pytest.mark.parametrize(
    "made",
    [
        Masked(SECRET).upper(), Masked(SECRET).strip("h"), Masked(SECRET).replace("h", "x"), Masked(SECRET).encode(),
        Masked(SECRET).split("-"), Masked(SECRET).partition("-"), Masked(SECRET) * 2, Masked(SECRET).removeprefix("h"),
        Masked("%s") % SECRET, Masked("{}").format(SECRET), Masked(", ").join([SECRET]),
        MaskedBytes(SECRET.encode()).decode(), MaskedBytes(SECRET.encode())[5:],
        MaskedBytes(SECRET.encode()).split(b"-"),
        MaskedBytes(b"") + SECRET.encode(), MaskedBytes(SECRET.encode()).strip(),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_made_of_them(made):
    """What a method makes of a masked text, or of masked bytes, does not show itself either."""
    assert "483920" not in repr(made)
    parts = made if isinstance(made, (list, tuple)) else [made]
    assert "483920" in "".join(map(str, parts))


@pytest.mark.parametrize("value", [MaskedNumber(483920), MaskedDecimal(483920.5), MaskedBytes(b"483920")])
def test_numbers_and_bytes(value):
    """A masked number, or masked bytes, is one like any other but for its `repr`, also once copied or pickled."""
    base = type(value).__base__
    copies = [copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))]  # noqa: S301  # made here

    assert (value, hash(value), str(value)) == (base(value), hash(base(value)), str(base(value)))
    assert "483920" not in repr([value, *copies])
    assert [type(one) for one in copies] == [type(value)] * 3
    if base is not bytes:
        assert f"{value}" == f"{base(value)}"
        assert json.dumps(value) == json.dumps(base(value))


def test_one_byte():
    """A byte of masked bytes is the number that it is."""
    assert MaskedBytes(b"4")[0] == 52


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("KFQXAB", "<6 characters, masked>"),
        ("again", "'again'"),
        ("It is 483920 again", "'It is [6 characters] again'"),
        (Masked("again"), "<5 characters, masked>"),
    ],
)
def test_what_was_typed(text, shows):
    """One word that a user typed may be a code of letters; a plain one is not."""
    assert repr(typed(text)) == shows


def test_what_a_report_is_told():
    """What leaves the process is plain: of what is masked, or ours, the text that it shows of itself."""
    request = Request(method="GET", url="https://a.test")
    shown = told([Masked("483920"), {Masked("483920"): (MaskedNumber(483920), request, 5, "plain")}])

    assert shown == [
        "<6 characters, masked>",
        {"<6 characters, masked>": ("<6 digits, masked>", "<GET https://a.test/, 0 bytes>", 5, "plain")},
    ]
    assert type(shown[0]) is str


def test_bytes_and_sets():
    """Bytes are masked wherever they stand, and so is each text of a set."""
    assert repr(handed([b"483920"])) == "[<6 bytes, masked>]"
    assert repr(handed(frozenset(["+14155550123"]))) == "frozenset({'[12 characters]'})"


def test_fields():
    """A field of a form is masked by its name too."""
    assert repr([masked("Body", "hush"), masked("AuthToken", "hush")]) == "['hush', <4 characters, masked>]"


def asked():
    """Return a request with a secret in each place."""
    return Request(
        method="POST",
        url=f"https://a.test/of/{SECRET}?key={SECRET}",
        headers=(("Authorization", "Basic dXNlcjpodXNoLTQ4MzkyMA=="), ("Content-Type", "a/b"), ("X-A", "hush")),
        body=f"a=1&b={SECRET}".encode(),
    )


def test_a_request_that_is_handed_out():
    """A request that a test gets equals the one that was sent, and so does all that is read out of it."""
    request = asked()
    given = request.shown()
    read = [
        (one.form(), one.params(), one.segments(), one.basic_auth(), one.headers, one.header("x-a"), one.body, one.path)
        for one in (request, given)
    ]

    assert (given, hash(given), read[1]) == (request, hash(request), read[0])
    assert (given.host, given.address, repr(given)) == (request.host, request.address, repr(request))
    assert "483920" not in repr((given, read[1], given.address, given.url))
    assert "a/b" in repr(given.headers)
    assert [type(text) for text in (given.plain().url, given.plain().body, given.plain().headers[0][1])] == [
        str,
        bytes,
        str,
    ]
    assert request.plain() is request


def test_a_response_that_is_handed_out():
    """The same of a response; a contract judges what was read out of it as ever."""
    body = {"success": True, "message": "", "data": {"otp": "483920"}, "code": 200}
    response = Response(status=200, headers=(("Set-Cookie", "hush"),), body=json.dumps(body).encode(), elapsed_ms=5)
    given = response.shown()

    assert (given, given.json(), given.headers) == (response, body, response.headers)
    assert "483920" not in repr((given, given.json(), given.body))
    assert "hush" not in repr((given.headers, given.header("set-cookie")))
    assert contracts.check("botpenguin/send-response", given.json()) == ()
    assert contracts.check("botpenguin/send-response", handed({**body, "code": "483920"})) != ()
    assert contracts.check("botpenguin/send-response", handed({"\ud800": 1})) != ()
    assert type(given.plain().body) is bytes
    assert given.plain() == response.plain() == response


def test_a_path_in_a_traceback():
    """Nor does the `repr` of a request show a code or a number in its path; a version it shows."""
    url = "https://a.test/2010-04-01/v7/483920/+14155550123/Messages.json"

    assert repr(Request(method="GET", url=url)) == (
        "<GET https://a.test/2010-04-01/v7/[6 characters]/[12 characters]/Messages.json, 0 bytes>"
    )


def test_events_that_are_handed_out():
    """An event of a journal equals the one that was noted; texts and messages in it are masked."""
    noted = journal.Journal()
    noted.append(journal.SmsArrived(now_ms=0, to="+14155550123", text="It is 483920", sid="SM1"))
    noted.append(journal.Served(now_ms=0, service="a", operation=None, request=asked(), unmatched="Nothing at 483920"))
    arrived, served = noted.events

    assert (arrived, served) == noted.plain
    assert [*noted.of(journal.SmsArrived)] == [arrived]
    shown = repr([arrived.to, arrived.text, served.unmatched, served.request.body, served.request.url, noted.events])
    assert not {secret for secret in ("483920", "4155550123") if secret in shown}
