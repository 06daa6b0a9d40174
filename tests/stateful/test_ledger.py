"""What is known of one contact's codes decides which promise an answer breaks."""

import pytest

from pytest_botpenguin_otp.stateful.asking import Issued
from pytest_botpenguin_otp.stateful.ledger import ATTEMPTS, Ledger, Tried


def ledger(*wrong_at):
    """Return a contact's ledger after wrong codes at these seconds, each followed by a code that is new."""
    known = Ledger()
    for number, at in enumerate(wrong_at):
        known = known.sent(Issued(code=f"12345{number % 10}", reference=str(number), at=at))
        known = known.tried(Tried(typed="654321", at=at, said="no"))
    return known.sent(Issued(code="271828", reference="two", at=max(wrong_at)))


@pytest.mark.parametrize(
    ("wrong_at", "at", "broken"),
    [
        ((0,) * 4, 0, None),
        ((0,) * 5, 0, "resend"),
        ((0,) * 5, 599, "resend"),
        ((0,) * 5, 600, None),
        ((0, 0, 0, 300, 300), 599, "resend"),
        ((0, 0, 0, 300, 300), 601, None),
        ((0,) * 5 + (599,) * 5, 1198, None),  # the later ones came while it may have been locked
        ((0,) * 5 + (600,) * 5, 1198, "resend"),
    ],
)
def test_too_often(wrong_at, at, broken):
    """Five wrong codes in ten minutes are borne, and those that came while the contact may be locked do not count."""
    found = ledger(*wrong_at).broken(Tried(typed="271828", at=at, said="yes"), ATTEMPTS)

    assert (found and found.promise) == broken
