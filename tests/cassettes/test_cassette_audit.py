"""What an audit finds in a cassette: secrets, provenance, age, contract; never a value."""

from dataclasses import replace
from datetime import timedelta

import pytest
from auditing import REAL, SENT, asked, found, source
from recordings import DAY, SHIPPED, send_request, verify_request

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.cassettes import audit as audits
from pytest_botpenguin_otp.cassettes import form
from pytest_botpenguin_otp.cassettes.audit import audit
from pytest_botpenguin_otp.cassettes.breaches import breaches
from pytest_botpenguin_otp.cassettes.model import Exchange
from pytest_botpenguin_otp.cassettes.reading import Source, read
from pytest_botpenguin_otp.wire import Request, Response, json_response

TWILIO = "https://api.twilio.com/2010-04-01/Accounts/ACfa4efa4efa4efa4efa4efa4efa4e0001/Messages"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped(path):
    """What ships is clean, and is caught as soon as it claims to be the real thing."""
    shipped = read(path)
    claims = replace(shipped.cassette, provenance=replace(shipped.cassette.provenance, target="real"))
    [(_, message)] = found(Source(claims, shipped.text))

    assert found(shipped) == []
    assert message.startswith("it claims to be a recording of the real service, but its source speaks of a fake; ")
    assert "magic number" in message


def test_a_real_one():
    """A scrubbed recording of the real service is fine."""
    one = source((asked(), SENT))

    assert found(one) == []
    assert audit(one, today=DAY).age_days == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://127.0.0.1:8000/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"url": "http://localhost/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"url": "http://a.test/integrations/custom-feature/send-otp-sms"}, "its host is nobody's"),
        ({"headers": (("Authorization", f"Bearer {TOKEN}"),)}, "its token is that of the fake"),
        ({"body": send_request().body}, "from which nothing real is sent"),
    ],
)
def test_a_fake_that_claims_to_be_real(change, words):
    """Hosts, credentials and senders that are no real ones give a fake away."""
    one = source((replace(asked(), **change), SENT))
    assert any(words in message for _, message in found(one, "provenance"))
    honest = replace(one.cassette, provenance=replace(REAL, target="fake"))

    assert found(Source(honest, one.text), "provenance") == []


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        (None, "it says nothing of where it comes from"),
        (replace(REAL, scrubber=None), "it was recorded and never scrubbed"),
        (replace(REAL, made=DAY + timedelta(days=1)), "on a day that has not come yet"),
    ],
)
def test_provenance(provenance, words):
    """What does not say where it comes from, or says what cannot be, is a finding."""
    [(_, message)] = found(source((asked(), SENT), provenance=provenance))

    assert words in message


def test_age():
    """Old ones are a finding where a limit is set; the age is told in any case."""
    one = source((asked(), SENT), provenance=replace(REAL, made=DAY - timedelta(days=31)))

    assert audit(one, today=DAY).age_days == 31
    assert found(one) == []
    assert found(one, max_age=31) == []
    assert found(one, max_age=30) == [("", "31 days old, more than 30. Record it anew.")]
    assert audit(source(provenance=None), today=DAY, max_age=0).age_days is None


SECRETS = {
    "SID": asked(accountSID="AC" + "0123456789abcdef" * 2),
    "token": asked(authToken="0123456789abcdef" * 2),
    "phone number": asked(toNumber="+14155552671"),
    "phone number ": asked(toNumber="4155552671"),
    "authorization": replace(asked(), headers=(("Authorization", "kept-by-nobody-7f3a"),)),
    "authorization ": replace(asked(), headers=(("Authorization", "Bearer kept-by-nobody"),)),
    "one-time code": verify_request("903817", "100001", authorization="fake-token-1"),
    "one-time code ": verify_request("012345", "000001", authorization="fake-token-1"),
    "URL": Request(method="POST", url=f"{TWILIO}.json", body=b"To=%2B12125550100&StatusCallback=https://me.example/s"),
    "a value that no contract names": asked(password="hunter"),
    "a header that may hold a secret": replace(asked(), headers=(*asked().headers, ("Cookie", "s=1"))),
}


@pytest.mark.parametrize("kind", SECRETS)
def test_secrets_in_requests(kind):
    """Whatever is named like a secret, and is no pseudonym, is found, by place and kind alone."""
    request = SECRETS[kind]
    one = source((request, Response(status=500)))
    told_ = found(one, "secret")

    assert any(place.startswith("interactions[0]") and kind.strip() in message for place, message in told_)
    for secret in ("0123456789abcdef", "4155552671", "nobody", "903817", "012345", "me.example", "hunter"):
        assert secret not in str(audit(one, today=DAY).findings)


@pytest.mark.parametrize(
    ("body", "finds"),
    [
        ({"data": {"otp": "903817"}}, True),
        ({"code": 903817}, True),
        ({"list": ["903817"]}, False),
        ({"code": 200}, False),
        ({"otp": "100001"}, False),
        ({"otp": "7777"}, False),
        ("903817", False),
    ],
)
def test_codes_in_answers(body, finds):
    """What is named like a code and looks like one must be a pseudonym."""
    told_ = found(source((asked(), json_response(200, body))), "secret")

    assert told_ == ([("interactions[0].response.body", "one-time code that is no pseudonym")] if finds else [])


def test_values_by_form():
    """The forms of secrets are found wherever they stand, in any encoding."""
    one = source((asked(), json_response(400, {"message": "%2B14155552671"})))

    assert any(message == "phone number" for _, message in found(one, "secret"))


def test_pseudonyms():
    """Everything that scrubbing gives passes, and so do Twilio's magic numbers and what is no code at all."""
    fine = [
        asked(toNumber="+447700900001"),
        asked(toNumber="7700900001"),
        asked(toNumber="7777"),
        asked(fromNumber="+15005550006"),
        verify_request("000001", "{}", authorization="fake-token-1"),
        verify_request("1001", "word-1", authorization="fake-token-1"),
        verify_request("", "100 001", authorization="fake-token-1"),
        verify_request("MTAwMDAx", "word-1 100001, x100002x", authorization="fake-token-xx1"),
        verify_request("313030303031", "+12125550100", authorization=f"Bearer {'fa4e' * 7}0001"),
        asked(toNumber="07700 900001"),
        asked(toNumber="00447700900001"),
        asked(toNumber="whatsapp:+1 212 555 0100"),
        Request(method="POST", url=f"{TWILIO}.json", body=b"StatusCallback=https://callback-1.example.invalid/"),
    ]

    assert found(source(*((request, Response(status=500)) for request in fine)), "secret") == []


@pytest.mark.parametrize("typed", ["my code 483920", "NDgzOTIw", "x483920y", "343833393230", "07911 123456"])
def test_no_pseudonyms(typed):
    """A code among words, or encoded, is found as well."""
    pair = (verify_request("100001", typed, authorization="fake-token-1"), Response(status=500))

    assert found(source(pair), "secret") == [
        ("interactions[0].request.body.userOtp", "one-time code that is no pseudonym")
    ]


def test_what_nobody_recorded_is_held_against_forms_only():
    """A documented example may hold any code, since it is nobody's; the forms of secrets are found in it too."""
    documented = replace(REAL, kind="documented")
    pair = (verify_request("903817", "903817"), Response(status=500))

    assert found(source(pair, provenance=documented), "secret") == []
    pair = (asked(toNumber="+14155552671"), Response(status=500))
    assert found(source(pair, provenance=documented), "secret") != []


def test_a_text_that_cannot_be_searched(monkeypatch):
    """What is nested too deep to be searched is a finding."""

    def deep(*_, **__):
        raise RecursionError

    monkeypatch.setattr(audits, "scan", deep)

    assert ("", "a text nested too deep to be searched") in found(source((asked(), SENT)), "secret")


MEDIA = b"To=%2B12125550100&From=%2B12125550101&MediaUrl=a&MediaUrl=b&MediaUrl=c"
MESSAGE = form.load(SHIPPED / "twilio-messages.yaml").exchanges[0].response
ERROR = json_response(400, {"success": False, "message": "no", "code": 400})


@pytest.mark.parametrize(
    ("request_", "response", "words"),
    [
        (asked(), SENT, ()),
        (asked(), ERROR, ()),
        (asked(), json_response(400, {"status": "error", "message": "no"}), ()),
        (asked(toNumber=7), ERROR, ()),
        (asked(toNumber=7), SENT, ("breaks botpenguin/send-request: $.toNumber",)),
        (replace(asked(), headers=()), SENT, ("breaks botpenguin/headers",)),
        (asked(), json_response(200, {"otp": "100001"}), ("breaks botpenguin/",)),
        (asked(), Response(status=200, body=b"<p>"), ("breaks botpenguin/",)),
        (asked(), SENT.__class__(status=502, body=SENT.body), ("breaks botpenguin/error-response",)),
        (verify_request("1", "1"), json_response(200, {"success": False, "message": "", "code": 200}), ()),
        (Request(method="GET", url="https://shop.example/x"), SENT, ("No contract covers GET",)),
        (Request(method="GET", url=f"{TWILIO}.json"), json_response(200, {}), ("breaks twilio/message-page",)),
        (Request(method="GET", url=f"{TWILIO}/SM1.json"), MESSAGE, ()),
        (Request(method="DELETE", url=f"{TWILIO}/SM1.json"), Response(status=204), ()),
        (Request(method="POST", url=f"{TWILIO}.json", body=MEDIA), MESSAGE, ()),
        (Request(method="POST", url=f"{TWILIO}.json", body=b"From=x"), MESSAGE, ("breaks twilio/create-message",)),
        (Request(method="POST", url=f"{TWILIO}.json"), json_response(400, {"code": 1}), ("breaks twilio/error",)),
    ],
)  # fmt: skip
def test_contract(request_, response, words):
    """An exchange keeps its contract, an error the error's; a request may be wrong where the answer says so."""
    messages = breaches(Exchange(request=request_, response=response))

    assert bool(messages) is bool(words)
    for word in words:
        assert any(word in message for message in messages)
