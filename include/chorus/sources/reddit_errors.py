"""Every way in which Reddit fails, by the name that says what to do about it."""

from asyncprawcore.exceptions import (
    AsyncPrawcoreException,
    Forbidden,
    NotFound,
    OAuthException,
    Redirect,
    RequestException,
    ResponseException,
    UnavailableForLegalReasons,
)

from chorus.domain.errors import (
    SourceChanged,
    SourceError,
    SourceGone,
    SourceRefused,
    SourceUnavailable,
)

WHO_WE_ARE = "Reddit does not let us in; check REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET"
UNAUTHORIZED = 401
SERVER_ERROR = 500
# Nothing is wrong with what was asked for. asyncprawcore has classes for some, and at the sign-in for none.
PASSING = {408, 425, 429}
GONE = (NotFound, Redirect, UnavailableForLegalReasons)
MEANING: tuple[tuple[type | tuple[type, ...], type[SourceError], str], ...] = (
    (GONE, SourceGone, "it is banned, misspelt or not for us ({status}); check targets.yaml"),
    (
        Forbidden,
        SourceRefused,
        "it is private or quarantined (403); take it out of targets.yaml",
    ),
    (ResponseException, SourceRefused, "Reddit refuses what we ask ({status})"),
)


def named(error: Exception, place: str) -> SourceError:
    """`place` is what was asked for, in words a person knows."""
    if isinstance(error, RequestException):
        return _unanswered(error.original_exception, place)
    status = error.response.status if isinstance(error, ResponseException) else None
    if isinstance(error, OAuthException) or status == UNAUTHORIZED:
        return SourceRefused(f"{place}: {WHO_WE_ARE}.")
    if status is not None and (status >= SERVER_ERROR or status in PASSING):
        return SourceUnavailable(f"{place}: Reddit is not well ({status}).")
    for kind, ours, sentence in MEANING:
        if isinstance(error, kind):
            return ours(f"{place}: {sentence.format(status=status)}.")
    return SourceRefused(f"{place}: Reddit refuses what we ask: {str(error)[:200]}.")


def is_its_own(error: SourceError) -> bool:
    """Whether only what was asked for is ill; who has to wait or is not let in has to, whatever they ask for."""
    if isinstance(error, SourceUnavailable):
        return error.retry_after is None
    return isinstance(error, SourceChanged) or isinstance(error.__cause__, Forbidden)


def _unanswered(error: Exception, place: str) -> SourceError:
    """asyncprawcore wraps whatever happens while it waits for an answer or reads it."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, AsyncPrawcoreException):
        return named(error, place)
    if isinstance(
        error, KeyError
    ):  # a 401 that does not say why; asyncprawcore has no word for it
        return SourceRefused(f"{place}: {WHO_WE_ARE}.")
    why = f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")
    return SourceUnavailable(f"{place}: Reddit did not answer whole: {why}.")
