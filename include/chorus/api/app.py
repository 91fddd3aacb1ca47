"""Our small web application inside Airflow's. Every route is behind Airflow's sign-in."""

from typing import Annotated

from airflow.api_fastapi.core_api.security import requires_authenticated
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

from chorus.config import Settings, load_settings
from chorus.domain.errors import WarehouseError
from chorus.warehouse.catalogue import verify

# Airflow protects nothing of a plugin by itself, and dependencies of an app do not cover its documentation.
app = FastAPI(
    title="Chorus",
    dependencies=[Depends(requires_authenticated())],
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
)


class Verdict(BaseModel):
    """What `chorus warehouse verify` says."""

    ok: bool
    differences: list[str]


@app.get("/warehouse/verify")
def verify_warehouse(settings: Annotated[Settings, Depends(load_settings)]) -> Verdict:
    try:
        differences = verify(settings)
    except WarehouseError as error:
        raise HTTPException(503, detail=str(error)) from error
    return Verdict(ok=not differences, differences=differences)
