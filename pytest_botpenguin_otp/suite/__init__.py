"""The contract tests that users run: `pytest --pyargs pytest_botpenguin_otp.suite --otp-target fake|cassettes|URL`."""
