"""What people call themselves, some of it meant to break whatever shows it."""

from random import Random

_FIRST = (
    "ada", "amina", "anouk", "arjun", "bela", "bruno", "carmen", "chiara", "dara", "diego",
    "elif", "emeka", "farid", "freya", "gita", "hana", "haruki", "ines", "ivan", "jonas",
    "juno", "kaito", "karla", "leila", "lena", "luca", "maja", "marisol", "milo", "nadia",
    "noor", "olga", "omar", "paul", "priya", "quinn", "rafael", "rosa", "sami", "sofia",
    "tariq", "tomas", "ursula", "vera", "wanda", "wei", "xavi", "yara", "yuki", "zoe",
)  # fmt: skip
_LAST = (
    "writes", "codes", "reads", "cycles", "bakes", "sings", "maps", "paints", "runs", "grows",
    "fixes", "hikes", "films", "knits", "teaches", "builds", "cooks", "plays", "sails", "dreams",
)  # fmt: skip
_DECORATIONS = (
    "",
    "",
    "",
    " 🌻",
    " 🐘",
    " ☕️",
    " :blobcat:",
    " (she/her)",
    " (they/them)",
    " 🚲",
    " 🏳️‍🌈",
)
_SEASONS = ("🍂", "❄️", "🌱", "☀️", "on holiday", "is hiring", "— new book out", "(moved!)")
_HOSTILE = (
    "Robert'); DROP TABLE students;--",
    "<img src=x onerror=alert(1)>",
    "{{ config.SECRET }} {% endif %}",
    "@everyone",
    '"quoted", \\back\\slash',
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "",
)
_ONE_HOSTILE_IN = 45


def first_name(roll: Random) -> str:
    return roll.choice(_FIRST)


def username(roll: Random, first: str, index: int) -> str:
    """Unique by its number."""
    return f"{first}_{roll.choice(_LAST)}{index}"


def display_names(roll: Random, first: str, index: int) -> tuple[str, ...]:
    """What they take turns in calling themselves; many never change."""
    if index % _ONE_HOSTILE_IN == _ONE_HOSTILE_IN - 1:
        return (_HOSTILE[index // _ONE_HOSTILE_IN % len(_HOSTILE)],)
    name = first.title() + roll.choice(_DECORATIONS)
    later = roll.sample(_SEASONS, roll.choice((0, 0, 1, 2, 3)))
    return (name, *(f"{name} {season}" for season in later))
