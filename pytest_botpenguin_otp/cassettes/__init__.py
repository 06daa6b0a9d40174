"""Recordings of the real service: made once, safely; replayed strictly; held against contracts and fakes."""
