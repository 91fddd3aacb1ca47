"""The data model as it is promised: who reads these tables elsewhere counts on their columns."""

import json

import pytest

from chorus import paths

CATALOGUE = {
    name: what
    for name, what in json.loads((paths.SQL / "catalogue.json").read_text("utf-8")).items()
    if "columns" in what
}
PROMISED = {
    "bronze.toots": 49 + 3,
    "silver.dim_date": 12,
    "silver.dim_account": 15,
    "silver.dim_content": 19,
    "silver.dim_sentiment": 5,
    "silver.fact_toot_engagement": 14,
}


@pytest.mark.parametrize(("table", "columns"), PROMISED.items())
def test_a_promised_table_has_as_many_columns_as_it_was_promised_with(table, columns):
    assert len(CATALOGUE[table]["columns"]) == columns


def test_every_relation_and_every_column_says_what_it_holds():
    silent = [
        f"{relation}.{column['name']}"
        for relation, about in CATALOGUE.items()
        for column in about["columns"]
        if not column["says"]
    ]
    assert silent == []
    assert [relation for relation, about in CATALOGUE.items() if not about["says"]] == []
