"""Recordings that teach: small cassettes of Send OTP and Verify OTP, and what is learned from them."""

from recordings import DAY, send_request, verify_request

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes.learn import learn
from pytest_botpenguin_otp.cassettes.model import Cassette, Exchange, Provenance
from pytest_botpenguin_otp.cassettes.samples import samples

__all__ = ["CODE", "DEFAULT", "REAL", "cassette", "lesson", "login"]

DEFAULT = profile.PROFILES[profile.DEFAULT]
REAL = Provenance(kind="recorded", target="real", made=DAY, contracts="v1", scrubber="0.1.0")
CODE = "483920"


def cassette(*pairs, provenance=REAL, file="folder/login.yaml"):
    """Return a cassette of pairs of request and response."""
    exchanges = tuple(Exchange(request=asked, response=given) for asked, given in pairs)
    return Cassette(file=file, exchanges=exchanges, provenance=provenance)


def lesson(*cassettes, base=DEFAULT, **more):
    """Learn from cassettes."""
    return learn([sample for one in cassettes for sample in samples(one)], base=base, **more)


def login(send, ok, mismatch, code=CODE, **more):
    """Return a cassette of a send, a wrong code and the right one."""
    return cassette(
        (send_request(), send),
        (verify_request(code, "271828"), mismatch),
        (verify_request(code, code), ok),
        **more,
    )
