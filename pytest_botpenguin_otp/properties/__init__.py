"""Promises of one bot under one profile, held against whatever Hypothesis thinks of; needs the extra `properties`."""

from pytest_botpenguin_otp.errors import MissingExtraError

try:
    from pytest_botpenguin_otp.properties.hunting import hunt, is_random
    from pytest_botpenguin_otp.properties.metamorphic import RELATIONS, Relation
    from pytest_botpenguin_otp.properties.property import PROPERTIES, Property
    from pytest_botpenguin_otp.properties.subject import Subject
    from pytest_botpenguin_otp.properties.telling import Broken
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "hypothesis":
        raise
    raise MissingExtraError.of("pytest_botpenguin_otp.properties", "properties") from error

__all__ = ["PROPERTIES", "RELATIONS", "Broken", "Property", "Relation", "Subject", "hunt", "is_random"]
