"""Messages go through statuses as Twilio documents."""

import pytest

from pytest_botpenguin_otp.twilio.lifecycle import CALLBACKS, DIRECT, FINAL, course_of


@pytest.mark.parametrize(
    ("via", "failure", "statuses"),
    [
        ("number", None, "queued sending sent delivered"),
        ("number", 30003, "queued sending sent undelivered"),
        ("number", 30001, "queued sending failed"),
        ("service", None, "accepted queued sending sent delivered"),
        ("service", 30034, "accepted queued sending failed"),
    ],
)
def test_course(via, failure, statuses):
    """A number starts with queued, a Messaging Service with accepted; an error ends it as failed or undelivered."""
    course = course_of(via=via, failure=failure)

    assert " ".join(status for _, status in course) == statuses
    assert course[-1][1] in FINAL
    assert list(course) == sorted(course)


def test_scheduled():
    """A scheduled message waits, then goes the usual way without being accepted again."""
    course = course_of(via="service", failure=None, wait_ms=60_000)

    assert course[:2] == ((0, "scheduled"), (60_050, "queued"))


def test_initial_status_is_not_told():
    """Callbacks know no accepted, scheduled or sending."""
    assert not CALLBACKS & {"accepted", "scheduled", "sending"}
    assert DIRECT[0] == (0, "queued")
