"""The fake Twilio: Messages, handsets, callbacks."""

from pytest_botpenguin_otp.twilio.handset import Handset
from pytest_botpenguin_otp.twilio.messages import Message
from pytest_botpenguin_otp.twilio.service import FakeTwilio

__all__ = ["FakeTwilio", "Handset", "Message"]
