"""Every asset of the pipeline, named like its table. A DAG names them; none invents one."""

from airflow.sdk import Asset

from chorus.orchestration.sources import sources


def table(layer: str, name: str, part: str = "") -> Asset:
    """An asset for a table, or for the `part` of it that one source fills."""
    return Asset(
        name=f"{layer}.{name}" + (f"/{part}" if part else ""),
        # The x- keeps Airflow from asking every provider how such an address is written.
        uri=f"x-chorus://warehouse/{layer}/{name}" + (f"/{part}" if part else ""),
        group=layer,
    )


BRONZE = {source: table("bronze", "post_observations", source) for source in sources()}
SILVER_STAR = table("silver", "fact_toot_engagement")
GOLD_VIEWS = table("gold", "materialized_views")
