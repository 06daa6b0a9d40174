"""How the shipped contract tests are run, and how many there are."""

__all__ = ["ALL", "SUITE"]

SUITE = ("-p", "no:cacheprovider", "--pyargs", "pytest_botpenguin_otp.suite")
ALL = 15
