"""Nothing of ours is shown to who has not signed in to Airflow."""

import pytest

from chorus.warehouse.catalogue import verify


@pytest.mark.parametrize(
    "path", ["/", "/style.css", "/warehouse/verify", "/docs", "/redoc", "/openapi.json"]
)
def test_a_stranger_sees_nothing(client, path):
    assert client.get(f"/chorus{path}").status_code in {401, 404}


@pytest.mark.parametrize("path", ["/", "/warehouse/verify"])
def test_a_stranger_is_told_to_sign_in(client, path):
    assert client.get(f"/chorus{path}").status_code == 401


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
