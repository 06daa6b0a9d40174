"""Let coverage rest where nothing new is to be seen: to count the lines of a walk takes three times the walk."""

from contextlib import contextmanager

from coverage import Coverage

__all__ = ["resting"]


@contextmanager
def resting():
    """Count no lines for a while."""
    counting = Coverage.current()
    if counting is not None:
        counting.stop()
    try:
        yield
    finally:
        if counting is not None:
            counting.start()
