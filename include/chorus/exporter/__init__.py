"""Tells Prometheus what the warehouse knows: a small process of its own, beside Airflow."""
