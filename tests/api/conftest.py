"""Airflow's sign-in with our application behind it, and a warehouse that it looks at."""

from importlib import import_module

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chorus.api.lazy import LazyApp


@pytest.fixture(scope="package")
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
