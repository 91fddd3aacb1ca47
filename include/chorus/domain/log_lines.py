"""How a process of ours that is no part of Airflow writes its log: for people, or an object a line."""

import logging

import structlog


def log_to_stderr(*, in_json: bool) -> None:
    """What is logged from now on, with the keys of Airflow's own JSON."""
    handler = logging.StreamHandler()
    if in_json:
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                foreign_pre_chain=[
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.processors.TimeStamper(fmt="iso"),
                    structlog.processors.format_exc_info,
                ],
            )
        )
    else:
        people = "%(asctime)s %(process)d %(levelname)s %(message)s"
        handler.setFormatter(logging.Formatter(people))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
