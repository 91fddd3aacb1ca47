"""The error's name decides whether a task is tried again, and when."""

from datetime import timedelta

import pytest

from chorus.domain import errors


def decide(error):
    from chorus.orchestration.retries import RetryByName

    return RetryByName().evaluate(error, 1, 4)


def test_a_servers_own_wait_is_kept():
    from airflow.sdk import RetryAction

    decision = decide(errors.SourceUnavailable("slow down", timedelta(minutes=5)))
    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay == timedelta(minutes=5)


@pytest.mark.parametrize(
    "error",
    [
        errors.WarehouseUnavailable("gone"),
        errors.ModelHostFailed("gone"),
        errors.SourceUnavailable("gone"),
    ],
)
def test_what_may_pass_is_tried_again_after_the_usual_delay(error):
    from airflow.sdk import RetryAction

    assert decide(error).action is RetryAction.RETRY
    assert decide(error).retry_delay is None


@pytest.mark.parametrize(
    "error",
    [
        errors.SourceRefused("token"),
        errors.SourceChanged("shape"),
        errors.SourceEndless("for ever"),
        errors.ConfigurationError("wrong"),
        errors.CheckFailed("broken"),
        errors.ModelMissing("weights"),
    ],
)
def test_what_needs_a_person_is_not_tried_again(error):
    from airflow.sdk import RetryAction

    assert decide(error).action is RetryAction.FAIL
    assert "needs a person" in decide(error).reason


def test_an_error_nobody_named_gets_airflows_own_treatment():
    from airflow.sdk import RetryAction

    assert decide(ZeroDivisionError()).action is RetryAction.DEFAULT


def test_every_error_of_ours_is_decided_on():
    from airflow.sdk import RetryAction

    def leaves(error):
        for child in error.__subclasses__():
            yield child
            yield from leaves(child)

    for error in leaves(errors.ChorusError):
        assert decide(error("x")).action is not RetryAction.DEFAULT, error
