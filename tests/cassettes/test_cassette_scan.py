"""The scan finds a known value in every encoding and a telling form in every view, and cries over nothing else."""

import gzip
import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from recordings import SHIPPED

from pytest_botpenguin_otp.cassettes.names import Seen
from pytest_botpenguin_otp.cassettes.scan import scan, scan_text

SECRET = "s3cr3t/+é-value?"
TOKEN = "0123456789abcdef" * 2
SID = "AC" + TOKEN
PHONE = "+447911123456"


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"x{SECRET}x",
        json.dumps({"a": [SECRET]}),
        json.dumps(json.dumps({"a": SECRET})),
        "s3cr3t%2F%2B%C3%A9-value%3F",
        quote_plus(quote_plus(SECRET)),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        b64encode(SECRET.encode()).decode(),
        urlsafe_b64encode(SECRET.encode()).decode(),
        b64encode(f"ab{SECRET}".encode()).decode(),
        f"Basic {b64encode(f'user:{SECRET}'.encode()).decode()}",
        b64encode(b"\xff" + SECRET.encode() + b"\xff").decode(),
    ],
)
def test_known_values(text):
    """Each encoding is found, and its kind told without the value."""
    found = scan_text(text, [Seen("password", SECRET)], place="here")

    assert any(finding.kind == "a known password" and finding.place.startswith("here") for finding in found)
    assert SECRET not in repr(found) + repr(Seen("password", SECRET))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("483920", True),
        ("code 483-920.", True),
        ('{"otp": 483920}', True),
        ("483 920", True),
        ("1483920", False),
        ("4839201", False),
        ("48392", False),
        (b64encode(b"the code is 483920").decode(), True),
        ("2010-04-01", False),
    ],
)
def test_codes(text, there):
    """A code is found whole, with separators too, and not inside a longer number."""
    assert bool(scan_text(text, [Seen("code", "483920"), Seen("code", "2010")])) is there


@pytest.mark.parametrize(
    "text", [PHONE, PHONE[1:], "7911123456", "07911123456", "0044 7911 123 456", "%2B447911123456"]
)
def test_phones(text):
    """A number is found by its last ten digits, however it is written."""
    assert scan_text(text, [Seen("phone", PHONE)])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (SID, "Twilio SID"),
        (f"/Accounts/{SID}/x", "Twilio SID"),
        (TOKEN, "32 hexadecimal digits"),
        (json.dumps({"a": json.dumps({"authToken": TOKEN})}), "32 hexadecimal digits"),
        (f"authToken={TOKEN}&a=b", "32 hexadecimal digits"),
        (f"Basic {b64encode(f'{SID}:{TOKEN}'.encode()).decode()}", "authorization"),
        ("Bearer abcdefgh12345", "authorization"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "JSON web token"),
        (PHONE, "phone number"),
        ("%2B447911123456", "phone number"),
        (b64encode(SID.encode()).decode(), "Twilio SID"),
    ],
)
def test_forms(text, kind):
    """What nobody has told us of is found by its form."""
    assert kind in {finding.kind for finding in scan_text(text)}


@pytest.mark.parametrize(
    "text",
    ["", "+12125550100", "+447700900123", "+15005550006", "fake-token-1", "Bearer fake-token-1", "Bearer x", "{", "[1"],
)
def test_harmless(text):
    """Reserved numbers and pseudonyms are no findings."""
    assert scan_text(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        b64encode(gzip.compress(b"the code is 483920", mtime=0)).decode(),
        b64encode("the code is 483920".encode("utf-16")).decode(),
        b64encode(b64encode(b64encode(b64encode(b"483920")))).decode(),
        encodebytes(b"a text " * 9 + b"483920").decode(),
        json.dumps({"a": quote(json.dumps({"b": "\\u00348392\\u0030"}))}),
        "\uff14\uff18\uff13\uff19\uff12\uff10",
        "4\u200b8\u200b3\u200b9\u200b2\u200b0",
        "483,920",
        "48/39/20",
        "483 then 920",
        "To=a&Body=483+and+920",
    ],
)
def test_known_values_in_several_encodings(text):
    """A code is found in whatever can be unpacked, and wherever its digits stand apart."""
    assert {finding.kind for finding in scan_text(text, [Seen("code", "483920")])} == {"a known code"}


@pytest.mark.parametrize("text", ["a=b=c=d=e=f=g=h=i=j=k=l", "see % and %25", "=3D=20=3D=20=3D=20=3D=20", "+10000001"])
def test_nothing_to_find(text):
    """What only looks encoded is no finding."""
    assert scan_text(text, [Seen("code", "483920")]) == ()


def test_no_end():
    """A text that is encoded more often than is searched is a finding of its own, and told as such."""
    text = "483920"
    for _ in range(12):
        text = b64encode(text.encode()).decode()

    assert [str(one) for one in scan_text(text, place="here")] == ["here: a text encoded too often to be searched"]


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_are_clean(path):
    """Nothing is found in what ships."""
    assert scan(path.read_text(encoding="utf-8")) == ()


def test_places():
    """A place is told as a path; a key that could be a secret is not repeated; keys are looked at too."""
    text = json.dumps({"interactions": [{"a b": {SID: [PHONE, True, None, 1]}}], "version": 1})

    assert [str(finding) for finding in scan(text)] == [
        "interactions[0].(key).(key): Twilio SID",
        "interactions[0].(key).(key)[0]: phone number",
    ]


def test_source_is_looked_at():
    """What a person wrote about the source is scanned as well."""
    text = (SHIPPED / "login-mismatch-400.yaml").read_text(encoding="utf-8")

    assert [finding.place for finding in scan(text.replace("source: the fakes", f"source: {PHONE}"))] == ["source"]
