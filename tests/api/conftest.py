"""An Airflow of the tests' own: its home is made before anything imports Airflow."""

import os
import tempfile

OURS = "chorus-tests-airflow-"

# The first folder of tests that is collected makes it for all of them.
if OURS not in os.environ.get("AIRFLOW_HOME", ""):
    os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix=OURS)
os.environ["AIRFLOW__API_AUTH__JWT_SECRET"] = (
    "a secret of the tests, long enough for SHA-512: " + "x" * 32
)
