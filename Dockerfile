# One image for every part of Airflow; docker-compose.yaml says which command makes which part of it.
FROM python:3.11.15-slim-bookworm

ENV VIRTUAL_ENV=/opt/venv \
    PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/chorus/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/chorus/plugins

# Volumes are made with the owner that these folders have here.
RUN useradd --uid 50000 --user-group --home-dir /opt/airflow --create-home --shell /usr/sbin/nologin chorus \
    && install --directory --owner=chorus --group=chorus /opt/airflow/logs /opt/airflow/sign-in /opt/airflow/archive \
    && python -m venv /opt/venv

WORKDIR /opt/chorus

# As the Makefile does it: torch first and through pip, so that an index can be named for it alone
# (https://download.pytorch.org/whl/cpu leaves out CUDA, several gigabytes), the rest through uv: what the project asks
# for, at the versions of the lock, and nothing of what only its tests need.
ARG TORCH_INDEX=
COPY requirements.txt pyproject.toml ./
RUN pip install -q --no-cache-dir --disable-pip-version-check "$(grep '^uv==' requirements.txt)" \
    && pip install -q --no-cache-dir --disable-pip-version-check ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$(grep '^torch==' requirements.txt)" \
    && uv pip install -q --no-config --no-cache --system-certs --compile-bytecode -r pyproject.toml -c requirements.txt

# The code belongs to root: who runs it cannot change it.
COPY README.md .
COPY include include
COPY dags dags
COPY plugins plugins
COPY ops/healthy.py ops/healthy.py
COPY ops/image /
RUN pip install -q --no-cache-dir --no-deps --no-build-isolation -e .

USER 50000:50000
