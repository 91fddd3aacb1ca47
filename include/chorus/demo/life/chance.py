"""Chance that always falls the same way: every roll is seeded by what it is about."""

from random import Random

_64_BITS = (1 << 64) - 1


def mix(*parts: int) -> int:
    """64 bits that look random and depend on nothing but `parts` (splitmix64)."""
    state = 0x9E3779B97F4A7C15
    for part in parts:
        state = (state + part * 0xBF58476D1CE4E5B9 + 0x9E3779B97F4A7C15) & _64_BITS
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _64_BITS
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _64_BITS
        state ^= state >> 31
    return state


def dice(*parts: int) -> Random:
    return Random(mix(*parts))  # noqa: S311 - a pretended network, not a secret
