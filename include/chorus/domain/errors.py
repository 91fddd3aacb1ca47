"""Errors named for what to do about them.

ChorusError
├── ConfigurationError      a setting or a target is wrong: mend it and start again
├── SourceError
│   ├── SourceUnavailable   the other side is down or asks us to slow down: again later; may say when
│   │   ├── SourcePaused    it asks us to slow down, and what was read so far is kept: the rest when it says
│   │   └── SourceIncomplete  a part of it could not be read, and all the rest is kept: that part again later
│   ├── SourceRefused       our credentials or our request are wrong: a person must act
│   │   └── SourceGone      what we asked for is not there, or not any more
│   └── SourceChanged       the answer was not what the API documents: the code must learn it
│       └── SourceEndless   what was to be read does not end: read less of it, or leave it out
├── WarehouseError
│   ├── WarehouseUnavailable  PostgreSQL does not answer or dropped us: again later
│   ├── WarehouseOutdated     the schema is not what this code expects: migrate
│   ├── RawFilesFailed        the files beside the warehouse could not be written: make room, then clear
│   ├── CheckFailed           rows were loaded that break a promise: look at them before going on
│   └── ArchiveDamaged        a file of the archive is not what was written: put it back from a copy
├── ModelError
│   ├── ModelMissing        weights are not on this machine: fetch them
│   ├── ModelMismatch       a file is not what its card says: fetch it again or mend the card
│   ├── ModelDeviceMissing  the forced device is not on this machine: change SENTIMENT_DEVICE
│   └── ModelHostFailed     the process that holds the model does not start or answer: see its log
├── NotifyError
│   ├── ChannelUnavailable  Discord or the mail server does not answer: again later; may say when
│   ├── ChannelSilent       a message was handed over and nobody says whether it arrived: not again
│   ├── ChannelMissing      there is no webhook, or it was revoked: make one
│   └── ChannelRefused      the channel does not accept what we send: a person
├── NeedsAttention          ops_watch found something: its sentence says what to look at
└── StackError              a part of the embedded stack does not start: the message names its log
"""

from datetime import timedelta


class ChorusError(Exception):
    """Everything this project raises on purpose; its text is one sentence for a person."""


class ConfigurationError(ChorusError):
    """A setting or a target is wrong."""


class SourceError(ChorusError):
    """Something between us and a social network."""


class SourceUnavailable(SourceError):
    """The source is down or asks us to slow down."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourcePaused(SourceUnavailable):
    """A reading went on, and waits to go on from there."""


class SourceIncomplete(SourceUnavailable):
    """Some of what was to be read is ill, and was left; who reads on reads only that."""


class SourceRefused(SourceError):
    """The source will keep refusing until somebody changes something."""


class SourceGone(SourceRefused):
    """What we asked for is not there: a wrong name, or a post that was deleted."""

    def __init__(self, message: str, http_status: int = 404) -> None:
        super().__init__(message)
        self.http_status = http_status


class SourceChanged(SourceError):
    """The source answered in a shape its documentation does not describe."""


class SourceEndless(SourceChanged):
    """The source gives ever more, beyond any measure of a window."""


class WarehouseError(ChorusError):
    """Something between us and PostgreSQL."""


class WarehouseUnavailable(WarehouseError):
    """PostgreSQL does not answer, or dropped the connection."""


class WarehouseOutdated(WarehouseError):
    """The schema is not the one this code expects."""


class RawFilesFailed(WarehouseError):
    """The files of RAW_FILES_FORMAT could not be written; the warehouse has what they lack."""


class CheckFailed(WarehouseError):
    """Loaded rows break a promise."""


class ArchiveDamaged(WarehouseError):
    """A file of the archive does not hold what was archived."""


class ModelError(ChorusError):
    """Something about the model that reads the mood."""


class ModelMissing(ModelError):
    """The weights are not on this machine."""


class ModelMismatch(ModelError):
    """A file of the model is not what its card says."""


class ModelDeviceMissing(ModelError):
    """The device that was forced is not on this machine."""


class ModelHostFailed(ModelError):
    """The process that holds the model does not start or does not answer."""


class NotifyError(ChorusError):
    """Something between us and the people we tell."""


class ChannelUnavailable(NotifyError):
    """The channel does not answer or asks us to slow down."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ChannelSilent(NotifyError):
    """The channel was given a message and did not say whether it took it."""


class ChannelMissing(NotifyError):
    """There is no such channel, or no longer."""


class ChannelRefused(NotifyError):
    """The channel will keep refusing until somebody changes something."""


class NeedsAttention(ChorusError):
    """A rule of ops_watch is broken; people were told already."""


class StackError(ChorusError):
    """A part of the embedded stack does not start."""
