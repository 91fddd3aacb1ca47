"""The page in Airflow on which each rule of ops_watch is a sentence, green or red."""

import re

import pytest

from chorus.domain.rules import SILENCE, WAREHOUSE, WATCHED


@pytest.fixture
def shown(client, bearer, at, warehouse_settings):
    """What somebody who signed in reads there."""
    at(warehouse_settings)

    def shown(settings=None):
        if settings:
            at(settings)
        answer = client.get("/chorus/", headers=bearer)
        assert answer.status_code == 200
        return answer.text

    return shown


def found(warehouse, rule, sentence, *, is_well, ago="1 minute"):
    warehouse.execute(
        "insert into ops.watch_state (rule, is_well, sentence, looked_at)"
        " values (%s, %s, %s, now() - %s::interval)",
        [rule.name, is_well, sentence, ago],
    )
    warehouse.commit()


def colours(page):
    """Of each rule, as the page shows it."""
    return {
        name.replace(" ", "_"): colour
        for colour, name in re.findall(r'<li class="(\w+)">\s*<h2>([\w ]+)<', page)
    }


def test_each_rule_is_a_sentence_green_or_red(shown, warehouse):
    for rule in WATCHED:
        found(warehouse, rule, f"So it is with {rule.name}.", is_well=rule != SILENCE)
    page = shown()
    assert "One rule is broken" in page
    assert colours(page) == {
        WAREHOUSE.name: "well",
        **{rule.name: "broken" if rule == SILENCE else "well" for rule in WATCHED},
    }
    assert all(f"So it is with {rule.name}." in page for rule in WATCHED)
    assert SILENCE.advice in page.replace("&#39;", "'")


def test_before_the_first_look_nobody_knows(shown):
    page = shown()
    assert set(colours(page).values()) == {"well", "unknown"}
    assert "Nobody has looked yet." in page
    assert "triggered, it looks at once" in page
    assert "All is well" not in page


def test_a_watch_that_stands_still_is_said(shown, warehouse):
    found(warehouse, SILENCE, "All was well.", is_well=True)
    assert "All is well" in shown()
    assert "has not looked since" not in shown()
    warehouse.execute("update ops.watch_state set looked_at = now() - interval '46 minutes'")
    warehouse.commit()
    assert "has not looked since" in shown()
    assert "All is well" not in shown()


def test_a_warehouse_that_is_down_is_red_and_its_password_is_not_shown(
    shown, warehouse_settings
):
    page = shown(warehouse_settings.model_copy(update={"database_port": 9}))
    assert colours(page) == {WAREHOUSE.name: "broken"}
    assert "check DATABASE_*" in page
    assert ":loader" not in page


def test_what_an_instance_said_is_no_markup(shown, warehouse):
    found(warehouse, SILENCE, "<script>alert(1)</script>{{ 7 * 7 }}", is_well=False)
    page = shown()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
    assert "<script" not in page


def test_it_loads_nothing_from_elsewhere_and_only_airflow_frames_it(client, bearer, at, shown):
    shown()
    answer = client.get("/chorus/", headers=bearer)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert (
        client.get("/chorus/style.css", headers=bearer)
        .headers["Content-Type"]
        .startswith("text/css")
    )
