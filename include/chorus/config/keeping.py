"""What is kept, for how long, and under which names."""

from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from chorus import paths
from chorus.domain.setting_types import Folder


class Keeping(BaseModel):
    """Archive, files and pseudonyms."""

    archive_dir: Folder = Field(
        ".run/archive",
        description="Where weeks of raw events go after a year, as Parquet: a folder, or s3://bucket/path (needs s3fs).",
    )
    raw_files_format: Literal["none", "csv", "parquet"] = Field(
        "none",
        description="Whether raw events are also written as files, gzipped CSV or Parquet, below DATA_DIR.",
    )
    data_dir: Folder = Field(
        ".run/raw",
        description="Where these files go: a folder, with source/source_id/date/ below it.",
    )
    retention_dry_run: bool = Field(
        True,
        description="Whether retention only counts what it would remove; look at its log first, then set false.",
    )

    pseudonym_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="What names are hashed with where people are forgotten: long, random, and the same for good.",
    )

    pseudonymise: bool = Field(
        False,
        description="Whether nobody is named in what is kept: accounts and mentions become hashes made with PSEUDONYM_SECRET.",
    )

    @model_validator(mode="after")
    def _has_a_key(self) -> Self:
        if self.pseudonymise and self.pseudonym_secret is None:
            raise ValueError(
                "PSEUDONYM_SECRET is missing: PSEUDONYMISE=true hashes names with it; "
                "set it to a long random text and keep it for good"
            )
        return self

    @property
    def archive_address(self) -> str:
        """ARCHIVE_DIR from wherever it is asked for: a folder is meant from the repository's root."""
        is_url = "://" in self.archive_dir
        return self.archive_dir if is_url else str(paths.ROOT / self.archive_dir)
