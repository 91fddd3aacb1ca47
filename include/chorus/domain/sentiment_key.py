"""What identifies a prediction: the text that was read, and the model that read it."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelKey:
    """The model's part of the key of `post_sentiments`."""

    model: str
    model_revision: str
    backend: str
    precision: str
    preprocessing_version: str

    @property
    def text(self) -> str:
        """The key in one column, as the queue carries it."""
        return (
            f"{self.model}@{self.model_revision}"
            f"#{self.backend}/{self.precision}/{self.preprocessing_version}"
        )

    @property
    def columns(self) -> dict[str, Any]:
        """The key as `post_sentiments` spells it."""
        return {name: getattr(self, name) for name in self.__slots__}


def input_hash(content_text: str) -> bytes:
    """The text's part of the key: what preprocessing is handed, whatever its normal form was."""
    return hashlib.sha256(unicodedata.normalize("NFC", content_text).encode()).digest()
