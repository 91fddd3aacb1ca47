"""Model cards: include/models/*.toml say what a model is, where it comes from and how to ask it."""

import hashlib
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chorus import paths
from chorus.domain.errors import ConfigurationError
from chorus.domain.sentiment_key import ModelKey

Precision = Literal["exact", "fp32", "bf16", "int8"]


class ModelCard(BaseModel):
    """One model at one revision. `path` is where its card lies; the weights lie beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    backend: Literal["transformers", "vader"]
    repository: str = Field(pattern=r"^[\w.-]+(/[\w.-]+)?$")
    revision: str = Field(pattern=r"^[\w.-]+$")
    licence: str | None = None
    labels: tuple[str, ...] = Field(min_length=2)
    preprocessing: Literal["as-is-1", "tweets-1"]
    max_length: int = Field(512, ge=8, le=8192)
    memory_mb: int = Field(4096, ge=64)
    beside: bool = False
    files: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        try:
            return cls(path=path.resolve(), **tomllib.loads(path.read_text()))
        except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
            reason = str(error).replace("\n", " ")
            raise ConfigurationError(
                f"The model card {path} is wrong: {reason}; mend it."
            ) from error

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def weights(self) -> Path:
        """The folder that holds the model's files, once they are fetched."""
        return self.path.parent / "weights" / self.name

    @property
    def optimized(self) -> Path:
        """The folder that `chorus model optimize` fills: the model in int8, and what was measured of it."""
        return self.weights / "int8"

    def key(self, precision: Precision) -> ModelKey:
        return ModelKey(
            model=self.repository,
            model_revision=self.revision,
            backend=self.backend,
            precision=precision,
            preprocessing_version=self.preprocessing,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the card or the code that reads it does: a host that started with another is stale."""
        digest = hashlib.sha256(f"{self.path}\n".encode() + self.path.read_bytes())
        for source in sorted(Path(__file__).parent.rglob("*.py")):
            digest.update(source.read_bytes())
        return digest.hexdigest()


def read_cards(models: Path = paths.MODELS) -> list[ModelCard]:
    return [ModelCard.read(path) for path in sorted(models.glob("*.toml"))]


def find_card(name: str, models: Path = paths.MODELS) -> ModelCard:
    """The card by its file name or by the repository it names."""
    cards = read_cards(models)
    for card in cards:
        if name in (card.name, card.repository):
            return card
    known = ", ".join(card.name for card in cards) or "none"
    raise ConfigurationError(
        f"There is no model card for {name} in {models} (there: {known}); write one or mend SENTIMENT_MODEL_NAME."
    )
