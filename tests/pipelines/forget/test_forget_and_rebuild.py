"""Whoever is forgotten leaves silver and gold as a rebuild makes them of what is left."""

from pydantic import SecretStr
from upath import UPath

from chorus.pipelines.rebuild import rebuild
from tests.pipelines.forget.conftest import SECRET
from tests.pipelines.forget.test_forget import forget_them
from tests.rebuild.standing import changed, remember
from tests.sql.silver.conftest import MODEL, AccountLook, Look, Silver

HOSTS = "select instance from dim_facts.instances order by 1"


def test_after_somebody_was_forgotten_a_rebuild_changes_nothing(
    warehouse, warehouse_settings, owner, tmp_path
):
    changes = {"pseudonym_secret": SecretStr(SECRET), "data_dir": str(tmp_path / "data")}
    settings = warehouse_settings.model_copy(update=changes)
    silver = Silver(warehouse, settings)
    silver.load(
        Look(post="1", seen=-30, tags=("Cats",)),
        Look(post="1", seen=90, instance="zoo.example"),
        AccountLook(seen=95),
        Look(post="2", seen=10, author="bo", tags=("cats",), answers="1"),
        Look(post="3", seen=20, author="bo", instance="away.example"),
        AccountLook(account="cleo", acct="cleo", seen=30, instance="away.example"),
        AccountLook(seen=99, instance="away.example", acct="ada@home.example"),
    )
    assert silver.rows(HOSTS) == [("away.example",), ("home.example",), ("zoo.example",)]

    forget_them(
        settings,
        UPath(tmp_path / "archive"),
        "ada",
        instance="home.example",
        default_model=MODEL,
    )

    assert silver.rows(HOSTS) == [("away.example",), ("home.example",)]
    remember(owner)
    rebuild(settings, "test", MODEL)
    assert changed(owner) == {}
