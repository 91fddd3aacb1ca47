"""What a task knows of the run it is part of; to be asked inside a task only."""

from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

if TYPE_CHECKING:
    from chorus.config import Settings
    from chorus.domain.window import Window


def this_run() -> str:
    """How the warehouse names this Airflow run."""
    run = get_current_context()["dag_run"]
    return f"{run.dag_id}/{run.run_id}"


def this_window(settings: "Settings") -> "Window":
    """The span this run reads; a clear gives the same one again."""
    from chorus.pipelines.window import resolve_window

    context = get_current_context()
    run = context["dag_run"]
    return resolve_window(
        context["params"],
        run_type=run.run_type,
        interval=(run.data_interval_start, run.data_interval_end),
        run_after=run.run_after,
        time_period=settings.time_period,
    )


def asked_for(param: str) -> Any:
    """What the trigger form says for a param; None where it is empty."""
    return get_current_context()["params"].get(param)


def those_params() -> dict[str, Any]:
    """All that the trigger form says."""
    return dict(get_current_context()["params"])


def asked_window() -> "Window | None":
    """The span that the params name, or none."""
    from chorus.pipelines import window

    context = get_current_context()
    return window.asked_for(context["params"], context["dag_run"].run_after)


def is_as_usual() -> bool:
    """Whether it reads what is configured for the time that is due: neither asked for anything, nor a backfill."""
    context = get_current_context()
    return context["dag_run"].run_type != "backfill" and not any(
        value for value in context["params"].values()
    )
