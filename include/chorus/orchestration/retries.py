"""Whether to try again is read from the error's name: that is what our errors are named for."""

from datetime import timedelta

from airflow.sdk import Context, RetryDecision, RetryPolicy

from chorus.domain.errors import (
    ChannelUnavailable,
    ChorusError,
    ModelHostFailed,
    RawFilesFailed,
    SourceUnavailable,
    WarehouseUnavailable,
)

PASSING = (
    SourceUnavailable,
    WarehouseUnavailable,
    RawFilesFailed,
    ModelHostFailed,
    ChannelUnavailable,
)


class RetryByName(RetryPolicy):
    """Unavailable: again, when the other side says so; anything else of ours: a person."""

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        _ = try_number, max_tries, context
        if isinstance(exception, PASSING):
            wait: timedelta | None = getattr(exception, "retry_after", None)
            return RetryDecision.retry(wait, reason=f"{type(exception).__name__} may pass")
        if isinstance(exception, ChorusError):
            return RetryDecision.fail(f"{type(exception).__name__} needs a person")
        return RetryDecision.default()
