"""Finds the text that breaks a model, so that its neighbours get their predictions."""

from collections.abc import Sequence
from dataclasses import dataclass

from chorus.domain.errors import ModelHostFailed
from chorus.sentiment.backends.base import Probabilities
from chorus.sentiment.host.client import HostClient, HostDied, TextsRefused

HARMLESS = "A quiet day."
# Of the time that a whole portion has, what a single text has at least.
SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Poison:
    """What a text did to the model."""

    error_class: str
    error: str


@dataclass(slots=True)
class Reading:
    """Answers in the order of the texts."""

    answers: list[Probabilities | Poison]
    device: str


def read(client: HostClient, texts: Sequence[str]) -> Reading:
    """Halve what fails until a single text is to blame.

    A model that fails over a harmless text as well is itself what is wrong: then no text is blamed. Nor is one for what
    another caller's text does: the host is ours alone meanwhile.
    """
    try:
        with client.place.shared():
            found = client.predict(texts)
        return Reading(list(found.probabilities), found.device)
    except (TextsRefused, HostDied):
        pass
    with client.place.shared(alone=True):
        device = _device_of_a_well_host(client)
        return Reading(_halves(client, texts, client.call_seconds), device)


def _halves(
    client: HostClient, texts: Sequence[str], seconds: float
) -> list[Probabilities | Poison]:
    """Of texts that failed together, or did not end within so many seconds."""
    seconds = max(seconds / 2, client.call_seconds * SHARE)
    if len(texts) == 1:
        return [_alone(client, texts[0], seconds)]
    middle = len(texts) // 2
    answers: list[Probabilities | Poison] = []
    for half in (texts[:middle], texts[middle:]):
        try:
            answers += client.predict(half, 1, seconds).probabilities
        except (TextsRefused, HostDied):
            answers += _halves(client, half, seconds)
    return answers


def _alone(client: HostClient, text: str, seconds: float) -> Probabilities | Poison:
    """Again, by itself: a host that was killed from outside is not the text's fault, however often that happens."""
    try:
        return client.predict([text], 3, seconds).probabilities[0]
    except TextsRefused as error:
        return Poison(type(error).__name__, str(error))
    except HostDied:
        _device_of_a_well_host(client)
    try:
        return client.predict([text], 2, seconds).probabilities[0]
    except (TextsRefused, HostDied) as error:
        return Poison(type(error).__name__, str(error))


def _device_of_a_well_host(client: HostClient) -> str:
    try:
        return client.predict([HARMLESS]).device
    except (TextsRefused, HostDied) as error:
        raise ModelHostFailed(
            f"The model fails over any text ({error}); see {client.place.log}."
        ) from error
