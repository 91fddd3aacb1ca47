"""PSEUDONYMISE: a page in which nobody is named, before anything of it is written anywhere."""

from dataclasses import replace
from typing import Any

from chorus.config import Settings
from chorus.domain.events import RawEvent, Rejected
from chorus.domain.everybody import Everybody
from chorus.sources.page import Page


def hide_everybody(settings: Settings, page: Page) -> Page:
    """The same page where names may be kept."""
    if not settings.pseudonymise or settings.pseudonym_secret is None:
        return page
    everybody = Everybody(settings.pseudonym_secret.get_secret_value())
    return replace(
        page,
        events=tuple(_hidden_event(everybody, event) for event in page.events),
        rejected=tuple(_hidden_letter(everybody, letter) for letter in page.rejected),
    )


def _hidden_event(everybody: Everybody, event: RawEvent) -> RawEvent:
    hidden = _hidden(everybody, event)
    if hidden["payload"] == event.payload:
        return event
    return RawEvent(**{**event.model_dump(), **hidden})


def _hidden_letter(everybody: Everybody, letter: Rejected) -> Rejected:
    return replace(letter, **_hidden(everybody, letter))


def _hidden(everybody: Everybody, what: RawEvent | Rejected) -> dict[str, Any]:
    is_account = what.event_type == "account"
    payload, post_id = what.payload, what.post_id
    if isinstance(payload, dict):
        payload = everybody.hide(payload, what.source, what.instance, is_account=is_account)
    if is_account and post_id is not None:
        post_id = everybody.account_id(post_id, what.source, what.instance)
    source_id = everybody.part_of_reddit(what.source_id)
    return {"payload": payload, "post_id": post_id, "source_id": source_id}
