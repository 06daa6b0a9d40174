"""Every error of ours is an `OtpError`, and tells a typo by its nearest fit and all valid choices."""

import pytest

from pytest_botpenguin_otp import errors


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("mian", ["other", "main"], "Did you mean 'main'? Known: main, other."),
        ("xyz", ["other", "main"], "Known: main, other."),
        ("post", ["GET", "POST"], "Did you mean 'POST'? Known: GET, POST."),
        ("main", [], "None is defined."),
    ],
)
def test_did_you_mean(name, known, told):
    """The nearest fit comes first, then every choice, sorted."""
    assert errors.did_you_mean(name, known) == told


def test_all_are_ours():
    """One `except OtpError` catches everything that this package raises."""
    for name in errors.__all__:
        found = getattr(errors, name)
        assert not isinstance(found, type) or issubclass(found, errors.OtpError)


def test_texts():
    """The texts say what was wrong and the way out."""
    lost = errors.NoResponseError("lost", elapsed_ms=5)

    assert str(errors.FileError(["a", "b"])) == "a\nb"
    assert (
        str(errors.MissingExtraError.of("respx", "http"))
        == "respx needs an extra: pip install 'pytest-botpenguin-otp[http]'"
    )
    assert (str(lost), lost.kind, lost.elapsed_ms) == ("no answer: lost", "lost", 5)
    assert "Did you mean 'a-b'?" in str(errors.ProfileError.unknown("a-c", ["a-b"]))


def test_bool_is_no_number():
    """True is refused where a number is wanted, and taken where a truth value is."""
    errors.check_type("x", value=True, kinds=(bool, int), wanted="either")
    errors.check_type("x", value=True, kinds=bool, wanted="true or false")

    with pytest.raises(errors.ArgumentError, match=r"^x wants a number; it got a value of type bool\.$"):
        errors.check_type("x", value=True, kinds=(int, float), wanted="a number")


SHAPES = {"{sid}": (lambda part: part.startswith("AC"), "an account SID")}
ROUTES = {("POST", "/a/{sid}/send"): "send", ("GET", "/a/{sid}"): "fetch", ("POST", "/hook/..."): "service"}


@pytest.mark.parametrize(
    ("method", "place", "told"),
    [
        ("PUT", "/a/AC1/send", "PUT is not answered here; send is a POST."),
        ("GET", "/hook/x/y", "GET is not answered here; service is a POST."),
        ("POST", "/a/AC1/sned", "Did you mean '/a/{sid}/send' (POST)? First difference: 'sned' where 'send' belongs."),
        ("POST", "/a/XX1/send", "Nearest is '/a/{sid}/send' (POST). First difference: 'XX1' is not an account SID."),
        ("POST", "/a/AC1/send/x", "Did you mean '/a/{sid}/send' (POST)? First difference: it goes on with '/x'."),
        ("GET", "/a", "Did you mean '/a/{sid}' (GET)? First difference: it ends where '/{sid}' belongs."),
        ("GET", "/a/{sid}x", "Did you mean '/a/{sid}' (GET)? First difference: '{sid}x' is not an account SID."),
    ],
)
def test_nothing_matches(method, place, told):
    """The nearest route and the first difference are told."""
    assert errors.nothing_matches(method, place, ROUTES, SHAPES).startswith(told)
