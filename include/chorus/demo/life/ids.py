"""The two kinds of ids: both begin with the millisecond in which the server puts a thing."""

from abc import ABC, abstractmethod

from chorus.demo.life.chance import mix

# (millisecond, what tells apart the things of one millisecond): sorts as the ids do.
Position = tuple[int, int]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_ULID_LENGTH = 26


class Ids(ABC):
    """How one server software turns a position into an id and back."""

    @abstractmethod
    def position(self, moment: int, salt: int) -> Position: ...

    @abstractmethod
    def write(self, position: Position) -> str: ...

    @abstractmethod
    def read(self, text: str) -> Position | None:
        """None for what is no id of this kind."""


class Snowflakes(Ids):
    """Mastodon's: milliseconds << 16, and 16 bits of noise."""

    def position(self, moment: int, salt: int) -> Position:
        return moment, salt & 0xFFFF

    def write(self, position: Position) -> str:
        return str(position[0] << 16 | position[1])

    def read(self, text: str) -> Position | None:
        if not (text.isascii() and text.isdigit()):
            return None
        number = int(text)
        return number >> 16, number & 0xFFFF


class Ulids(Ids):
    """GoToSocial's: 48 bits of milliseconds and 80 of noise, in Crockford's base 32."""

    def position(self, moment: int, salt: int) -> Position:
        return moment, (salt << 16 | mix(salt) & 0xFFFF) & ((1 << 80) - 1)

    def write(self, position: Position) -> str:
        number = position[0] << 80 | position[1]
        return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))

    def read(self, text: str) -> Position | None:
        if len(text) != _ULID_LENGTH or not set(text) <= _VALUES.keys():
            return None
        number = 0
        for letter in text:
            number = number << 5 | _VALUES[letter]
        return number >> 80, number & ((1 << 80) - 1)
