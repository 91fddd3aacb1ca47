"""Which models read every post: the one the settings name, and those whose card says `beside = true`."""

from dataclasses import dataclass
from pathlib import Path

from chorus import paths
from chorus.config import Settings
from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey
from chorus.sentiment.cards import ModelCard, Precision, find_card, read_cards
from chorus.sentiment.optimized import require_optimized
from chorus.sentiment.weights import require_weights


@dataclass(frozen=True, slots=True)
class ActiveModel:
    """A card with what the settings decide about it."""

    card: ModelCard
    device: str
    precision: Precision

    @property
    def key(self) -> ModelKey:
        return self.card.key(self.precision)

    def require_files(self) -> None:
        """Say in one sentence what to run when the model cannot be loaded, before a post is claimed."""
        require_weights(self.card)
        if self.precision == "int8":
            require_optimized(self.card)


def active_models(settings: Settings, models: Path = paths.MODELS) -> list[ActiveModel]:
    """The default model first."""
    wanted = (
        settings.sentiment_model_name
        if settings.sentiment_backend == "transformers"
        else "vader"
    )
    default = find_card(wanted, models)
    beside = [card for card in read_cards(models) if card.beside and card.path != default.path]
    return [activate(card, settings) for card in (default, *beside)]


def activate(card: ModelCard, settings: Settings) -> ActiveModel:
    """Device and precision of a card: from the settings alone, so that every machine arrives at the same key."""
    if card.backend == "vader":
        return ActiveModel(card, "cpu", "exact")
    if settings.sentiment_precision == "int8":
        if settings.sentiment_device not in {"auto", "cpu"}:
            raise ConfigurationError(
                f"SENTIMENT_PRECISION=int8 runs on the CPU, not on {settings.sentiment_device}: change one of them."
            )
        return ActiveModel(card, "cpu", "int8")
    precision: Precision = "bf16" if settings.sentiment_device == "cuda" else "fp32"
    return ActiveModel(card, settings.sentiment_device, precision)


def active_model_keys(settings: Settings, models: Path = paths.MODELS) -> list[ModelKey]:
    """The keys that a new text is queued for; the first is the default model's."""
    return [model.key for model in active_models(settings, models)]
