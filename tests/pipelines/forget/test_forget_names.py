"""Whoever is meant goes with every name they have, and nobody else does."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from upath import UPath

from chorus.domain.errors import ConfigurationError
from chorus.pipelines import forget as forgetting
from chorus.pipelines.retention import retain
from chorus.warehouse.connection import connect
from tests.pipelines.forget.conftest import SECRET, START
from tests.pipelines.forget.people import AWAY, HOME, account, column, status, take_in
from tests.pipelines.forget.test_forget import contents, everywhere, forget_them

EVE = account("42", "eve")
OTHER = account("7", "42")
# Bobby is mentioned, and never read.
BOBBY = account("777888999", "bobby@other.example")
ANSWER = status(
    "5",
    account("1", "ada"),
    '<p><a href="https://other.example/@bobby">@<span>bobby</span></a> hello</p>',
    [BOBBY],
    in_reply_to_id="5555",
    in_reply_to_account_id=BOBBY["id"],
)
# The same answer to somebody whom no list mentions any more.
BARE = status("6", account("1", "ada"), in_reply_to_account_id=BOBBY["id"])
ELSEWHERE = status(
    "9",
    account("90", "cleo"),
    mentions=[BOBBY | {"id": "31337"}],
    in_reply_to_account_id="31337",
)
CALLED = (
    *("777888999", "Bobby@other.example"),
    *("https://other.example/@bobby", "https://other.example/users/bobby"),
)
AUTHORS = "select acct from dim_facts.dim_account order by 1"


@pytest.fixture
def settings(warehouse_settings, tmp_path):
    changes = {
        "sentiment_backend": "vader",
        "pseudonym_secret": SecretStr(SECRET),
        "data_dir": str(tmp_path / "data"),
    }
    return warehouse_settings.model_copy(update=changes)


@pytest.fixture
def forget_who(settings, tmp_path):
    def forget_who(word, instance=HOME, **more):
        archive = UPath(tmp_path / "archive")
        return forget_them(settings, archive, word, instance=instance, **more)

    return forget_who


def test_a_word_that_is_the_id_of_one_and_the_handle_of_another_is_refused(
    settings, forget_who
):
    take_in(settings, status("1", EVE), status("2", OTHER))

    with pytest.raises(ConfigurationError, match="42 is the id of eve and the handle of"):
        forget_who("42")

    assert column(settings, AUTHORS) == ["42", "eve"]
    assert column(settings, "select digests from ops.erasures") == []


def test_who_was_named_by_their_handle_takes_nobody_along_whose_id_it_is(settings, forget_who):
    take_in(settings, status("2", OTHER))
    forget_who("42")

    take_in(settings, status("1", EVE), status("3", OTHER))

    assert column(settings, AUTHORS) == ["eve"]


def test_the_same_request_again_is_one_request_whatever_the_account_was_named_by(
    settings, forget_who
):
    take_in(settings, status("1", EVE))

    for word in ("42", "42", "eve", EVE["url"]):
        forget_who(word)

    assert column(settings, "select count(*) from ops.erasures") == [1]
    take_in(settings, status("2", OTHER))
    assert column(settings, AUTHORS) == ["42"]
    assert everywhere(settings, "eve") == []


def test_who_has_another_address_elsewhere_goes_there_by_their_whole_handle(
    settings, forget_who
):
    here = account("2", "bobby", uri=f"https://{HOME}/ap/users/2")
    there = account("90", f"Bobby@{HOME}") | {"url": f"https://{HOME}/bobby"}
    take_in(settings, status("1", here))
    take_in(settings, status("9", there), instance=AWAY)

    forget_who("bobby")

    assert column(settings, AUTHORS) == []
    assert everywhere(settings, "bobby") == []


def test_a_page_at_home_is_who_has_it_as_their_only_address_elsewhere(settings, forget_who):
    here = account("2", "bobby", uri=f"https://{HOME}/ap/users/2")
    there = account("90", f"bobby@social.{HOME}") | {"url": here["url"]}
    take_in(settings, status("1", here))
    take_in(settings, status("9", there), instance=AWAY)

    forget_who("bobby")

    assert column(settings, AUTHORS) == []


def test_who_is_called_the_same_on_another_host_stays(settings, forget_who):
    here = account("2", "bobby", uri=f"https://{HOME}/ap/users/2")
    take_in(settings, status("1", here))
    there = account("90", f"bobby@{HOME}") | {"url": f"https://{HOME}/bobby"}
    take_in(settings, status("9", there), instance=AWAY)
    namesake = account("91", "bobby") | {"url": f"https://{AWAY}/@bobby"}
    take_in(settings, status("8", namesake), instance=AWAY)

    forget_who("bobby")

    assert column(settings, "select account_id from dim_facts.dim_account") == ["91"]


def left_of_bobby(settings):
    return everywhere(settings, "bobby") + everywhere(settings, BOBBY["id"])


def move_to_archive(settings, archive):
    with connect(settings) as connection:
        retain(connection, settings, archive, now=START + timedelta(days=400), dry_run=False)


@pytest.mark.parametrize("is_archived", [False, True], ids=["kept", "archived"])
@pytest.mark.parametrize("word", CALLED)
def test_who_is_only_mentioned_goes_with_handle_and_id_and_does_not_come_back(
    settings, forget_who, tmp_path, word, is_archived
):
    take_in(settings, ANSWER, BARE)
    if is_archived:
        move_to_archive(settings, tmp_path / "archive")

    forget_who(word)

    assert left_of_bobby(settings) == []
    for name in ("bobby", BOBBY["id"]):
        assert name not in contents(UPath(tmp_path / "archive"))
    take_in(settings, ANSWER | {"favourites_count": 3}, BARE | {"favourites_count": 3})
    assert left_of_bobby(settings) == []


def test_the_handle_of_whom_another_server_mentions_leads_to_the_id_there(settings, forget_who):
    take_in(settings, ANSWER)
    take_in(settings, ELSEWHERE, instance=AWAY)

    forget_who(BOBBY["id"])

    assert left_of_bobby(settings) + everywhere(settings, "31337") == []


def test_whoever_was_named_by_an_id_goes_from_the_archive_by_the_second_try(
    settings, forget_who, tmp_path, monkeypatch
):
    take_in(settings, ANSWER)
    take_in(settings, ELSEWHERE, instance=AWAY)
    move_to_archive(settings, tmp_path / "archive")
    with monkeypatch.context() as broken:
        broken.setattr(forgetting, "_from_archive", None)
        with pytest.raises(TypeError):
            forget_who(BOBBY["id"])
    assert "bobby" in contents(UPath(tmp_path / "archive"))

    forget_who(BOBBY["id"])

    assert "bobby" not in contents(UPath(tmp_path / "archive"))
    assert column(settings, "select count(*) from ops.erasures") == [1]
