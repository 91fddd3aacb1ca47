"""A subreddit and what to read of it, as people write it in targets.yaml."""

from typing import Annotated, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from chorus.domain.setting_types import SiteUrl, spelled
from chorus.domain.targets import Host

Listing = Literal["new", "hot", "rising", "top", "comments"]
Name = Annotated[
    str,
    BeforeValidator(lambda text: text.removeprefix("r/") if isinstance(text, str) else text),
    spelled(r"[A-Za-z0-9_]{2,50}", "it must be a subreddit's name, as in dataengineering"),
]
# Further than this no listing of Reddit reaches.
LISTINGS_END = 1_000


class Subreddit(BaseModel):
    """One subreddit; it travels through XCom as a plain dictionary and holds no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Literal["reddit"] = "reddit"
    name: Name = Field(validation_alias=AliasChoices("name", "subreddit"))
    instance: Host = "reddit.com"
    base_url: SiteUrl | None = None
    # new finds what was begun in a window, with what is below it by then; comments what was added later.
    listings: tuple[Listing, ...] = ("new", "comments")
    top_of: Literal["hour", "day", "week", "month", "year", "all"] = "day"
    search: tuple[Annotated[str, Field(min_length=1, max_length=512)], ...] = ()
    limit: int = Field(LISTINGS_END, ge=1, le=LISTINGS_END)
    comment_budget: int | None = Field(32, ge=0)
    minimum_score: int | None = None

    def __str__(self) -> str:
        return f"{self.instance} r/{self.name}"

    @model_validator(mode="after")
    def _something_to_read(self) -> "Subreddit":
        if not self.listings and not self.search:
            raise ValueError("it names nothing to read: give it listings or search")
        return self
