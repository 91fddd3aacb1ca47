"""Our small web application inside Airflow's. Every route is behind Airflow's sign-in."""

from typing import Annotated

from airflow.api_fastapi.core_api.security import requires_authenticated
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel

from chorus.api import pages
from chorus.config import Settings, load_settings
from chorus.domain.errors import WarehouseError
from chorus.pipelines.watched import last_look, stands_still, what_is_known
from chorus.warehouse.catalogue import verify

# Airflow protects nothing of a plugin by itself, and dependencies of an app do not cover its documentation.
app = FastAPI(
    title="Chorus",
    dependencies=[Depends(requires_authenticated())],
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
)


Configured = Annotated[Settings, Depends(load_settings)]


class Verdict(BaseModel):
    """What `chorus warehouse verify` says."""

    ok: bool
    differences: list[str]


@app.get("/")
def show_watch(settings: Configured) -> Response:
    """What ops_watch found, a sentence each, green or red."""
    known = what_is_known(settings)
    return pages.page(
        "watch.html",
        known=known,
        broken=sum(it.is_well is False for it in known),
        looked_at=last_look(known),
        stands_still=stands_still(known),
    )


@app.get("/style.css")
def show_style() -> Response:
    return pages.style()


@app.get("/warehouse/verify")
def verify_warehouse(settings: Configured) -> Verdict:
    try:
        differences = verify(settings)
    except WarehouseError as error:
        raise HTTPException(503, detail=str(error)) from error
    return Verdict(ok=not differences, differences=differences)
