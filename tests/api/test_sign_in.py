"""Nothing of ours is shown to who has not signed in to Airflow."""

from importlib import import_module

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chorus.api.lazy import LazyApp
from chorus.warehouse.catalogue import verify


@pytest.fixture(scope="module")
def airflow():
    """Airflow's own application as far as sign-in goes, with ours under it as the plugin puts it."""
    from airflow.api_fastapi.app import create_auth_manager, purge_cached_app
    from airflow.utils import db

    db.initdb()
    purge_cached_app()
    outer = FastAPI()
    manager = create_auth_manager()
    manager.init()
    outer.state.auth_manager = manager
    outer.mount("/chorus", LazyApp("chorus.api.app"))
    return outer, manager


@pytest.fixture
def client(airflow):
    outer, _ = airflow
    return TestClient(outer)


@pytest.fixture
def bearer(airflow):
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    _, manager = airflow
    token = manager.generate_jwt(SimpleAuthManagerUser(username="somebody", role="viewer"))
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def at(monkeypatch):
    """Which warehouse the application looks at."""
    ours = import_module("chorus.api.app")

    def at(settings):
        monkeypatch.setitem(ours.app.dependency_overrides, ours.load_settings, lambda: settings)

    return at


@pytest.mark.parametrize("path", ["/warehouse/verify", "/docs", "/redoc", "/openapi.json"])
def test_a_stranger_sees_nothing(client, path):
    assert client.get(f"/chorus{path}").status_code in {401, 404}


def test_a_stranger_is_told_to_sign_in(client):
    assert client.get("/chorus/warehouse/verify").status_code == 401


def test_junk_is_no_ticket(client):
    junk = {"Authorization": "Bearer junk"}
    assert client.get("/chorus/warehouse/verify", headers=junk).status_code in {401, 403}


def test_who_signed_in_hears_what_verify_says(client, bearer, at, warehouse_settings, owner):
    at(warehouse_settings)
    answer = client.get("/chorus/warehouse/verify", headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["differences"] == verify(warehouse_settings)

    owner.execute("drop table bronze.stream_events")
    answer = client.get("/chorus/warehouse/verify", headers=bearer)
    assert answer.json()["ok"] is False
    assert any("stream_events" in line for line in answer.json()["differences"])


def test_a_warehouse_that_is_down_is_a_sentence_and_no_secret(
    client, bearer, at, warehouse_settings
):
    at(warehouse_settings.model_copy(update={"database_port": 9}))
    answer = client.get("/chorus/warehouse/verify", headers=bearer)
    assert answer.status_code == 503
    assert "check DATABASE_*" in answer.json()["detail"]
    assert ":loader" not in answer.text
