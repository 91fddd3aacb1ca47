"""What is listened to, and how."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from chorus.domain.setting_types import (
    Credentials,
    File,
    Hashtag,
    SiteUrl,
    Token,
    Visibilities,
    Weights,
)


class Listening(BaseModel):
    """Whose posts are read, and which of them."""

    mastodon_base_url: SiteUrl | None = Field(
        None,
        description="The one instance to read, as in https://mastodon.social; with HASHTAG it replaces TARGETS_FILE.",
    )
    mastodon_access_token: Token | None = Field(
        None,
        description="A token for MASTODON_BASE_URL; for instances of TARGETS_FILE mastodon.social=token, separated by commas.",
    )
    hashtag: Hashtag | None = Field(
        None,
        description="The one hashtag to read on MASTODON_BASE_URL, without the #.",
    )
    reddit_client_id: str | None = Field(
        None,
        description="The app that reads Reddit, from https://www.reddit.com/prefs/apps (type script).",
    )
    reddit_client_secret: Token | None = Field(
        None, description="And its secret; without the two, subreddits are left alone."
    )
    source_credentials: Credentials | None = Field(
        None,
        description="What further sources ask for, as in hackernews.key=abc, separated by commas; or the Airflow connection chorus_<source>.",
    )
    targets_file: File | None = Field(
        None,
        description="What to listen to, as YAML; include/targets.yaml when the demo network is off.",
    )
    demo_network: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Pretend social networks on this machine: auto means until MASTODON_BASE_URL or TARGETS_FILE is set.",
    )
    time_period_unit: Literal["minutes", "hours", "days"] = Field(
        "hours", description="Unit of the window that a manual run without params reads."
    )
    time_period_value: int = Field(
        1, ge=1, le=10_000, description="How many of TIME_PERIOD_UNIT such a run looks back."
    )
    toots_limit_per_page: int = Field(
        40,
        ge=1,
        le=80,
        description="Posts asked for per request; most servers give 40 at most.",
    )
    late_arrivals: int = Field(
        180,
        ge=5,
        le=7 * 24 * 60,
        description="Minutes after a window within which its late posts are looked for, as long as posts are seen to come so late.",
    )
    api_timeout: float = Field(
        30, gt=0, le=600, description="Seconds to wait for an answer of a social network."
    )
    include_visibilities: Visibilities = Field(
        ("public", "unlisted"),
        description="Which posts reach the model, the gold views and alerts, separated by commas.",
    )
    engagement_weights: Weights = Field(
        (1, 2, 3),
        description="Weights of replies, favourites and reblogs in the engagement score; a change means a rebuild.",
    )
    redact_deleted: bool = Field(
        False, description="Whether the text of a post is emptied once its deletion is seen."
    )

    @model_validator(mode="after")
    def _named_together(self) -> Self:
        if (self.mastodon_base_url is None) != (self.hashtag is None):
            missing = "HASHTAG" if self.hashtag is None else "MASTODON_BASE_URL"
            raise ValueError(
                f"{missing} is missing: MASTODON_BASE_URL and HASHTAG name one target together"
            )
        if (self.reddit_client_id is None) != (self.reddit_client_secret is None):
            missing = "SECRET" if self.reddit_client_secret is None else "ID"
            raise ValueError(
                f"REDDIT_CLIENT_{missing} is missing: an app's id and secret belong together"
            )
        return self

    @model_validator(mode="after")
    def _a_token_is_somebodys(self) -> Self:
        if not self.mastodon_base_url and not all(
            name and token for name, token in self.mastodon_tokens.items()
        ):
            raise ValueError(
                "MASTODON_ACCESS_TOKEN says of no token whose it is: give it with MASTODON_BASE_URL, "
                "or write mastodon.social=token, separated by commas"
            )
        return self

    @property
    def mastodon_tokens(self) -> dict[str, str]:
        """By the address of MASTODON_BASE_URL, or by the names of instances: no other gets to see one."""
        if self.mastodon_access_token is None:
            return {}
        given = self.mastodon_access_token.get_secret_value()
        if self.mastodon_base_url is not None:
            return {self.mastodon_base_url: given}
        pairs = (pair.strip().partition("=") for pair in given.split(","))
        return {name: token for name, _, token in pairs}

    def credentials(self, source: str, names: Iterable[str]) -> dict[str, str]:
        """Those of these names that a source was given: by settings of their own, as reddit_client_id, else together."""
        given = self.source_credentials or {}
        found = {
            name: getattr(self, f"{source}_{name}", None) or given.get(f"{source}.{name}")
            for name in names
        }
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in found.items()
            if value is not None
        }

    @property
    def time_period(self) -> timedelta:
        return timedelta(**{self.time_period_unit: self.time_period_value})

    @property
    def uses_demo_network(self) -> bool:
        if self.demo_network == "auto":
            return self.mastodon_base_url is None and self.targets_file is None
        return self.demo_network == "on"
