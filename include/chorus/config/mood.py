"""What reads the mood."""

from typing import Literal

from pydantic import BaseModel, Field

from chorus.domain.setting_types import ModelName, Name


class Mood(BaseModel):
    """The model, and where it runs."""

    sentiment_backend: Literal["transformers", "vader"] = Field(
        "transformers",
        description="What reads the mood; the demo network uses vader unless this is set.",
    )
    sentiment_model_name: ModelName = Field(
        "cardiffnlp/twitter-roberta-base-sentiment-latest",
        description="The model of the transformers backend; its card lies in include/models.",
    )
    sentiment_model_threshold: float = Field(
        0.5,
        ge=0,
        le=1,
        description="A label with less confidence than this is neutral; the raw scores are kept.",
    )
    sentiment_device: Literal["auto", "cuda", "mps", "cpu"] = Field(
        "auto", description="Where the model runs; anything but auto must be there."
    )
    sentiment_precision: Literal["auto", "int8"] = Field(
        "auto",
        description="auto is bf16 where SENTIMENT_DEVICE is cuda and fp32 elsewhere; int8 needs a CPU and `chorus model optimize` first.",
    )
    sentiment_batch_size: int = Field(
        2000,
        ge=1,
        le=10_000,
        description="Posts on their way at most: what a killed task loses. A model that takes long over them gets fewer.",
    )
    sentiment_queue: Name | None = Field(
        None,
        description="The queue of the task that reads the mood, where workers with a GPU have one of their own: gpu.",
    )
    sentiment_shards: int = Field(
        1,
        ge=1,
        le=64,
        description="Score tasks of one run, which share the queue: one for each worker that has a model.",
    )
    sentiment_pool: Name = Field(
        "model",
        description="The pool of the score tasks; made with a slot for each shard where it is missing.",
    )
