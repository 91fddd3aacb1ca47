"""Whoever is meant goes with every name they have, and nobody else does."""

import pytest
from pydantic import SecretStr
from upath import UPath

from chorus.domain.errors import ConfigurationError
from tests.pipelines.forget.conftest import SECRET
from tests.pipelines.forget.people import AWAY, HOME, account, column, status, take_in
from tests.pipelines.forget.test_forget import everywhere, forget_them

EVE = account("42", "eve")
OTHER = account("7", "42")
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
