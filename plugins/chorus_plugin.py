"""Registers with Airflow what is ours: the web application and what happens when a component starts."""

from airflow.plugins_manager import AirflowPlugin

from chorus.api.lazy import LazyApp
from chorus.orchestration import pools, preload
from chorus.orchestration.priorities import PresentFirst


class ChorusPlugin(AirflowPlugin):
    name = "chorus"
    fastapi_apps = [
        {"app": LazyApp("chorus.api.app"), "url_prefix": "/chorus", "name": "Chorus"}
    ]
    external_views = [
        {
            "name": "Chorus",
            "href": "/chorus/",
            "destination": "nav",
            "url_route": "chorus",
        }
    ]
    listeners = [pools, preload]
    priority_weight_strategies = [PresentFirst]
