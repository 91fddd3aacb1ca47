"""Where the model runs: CUDA, then Apple's MPS, then the CPU; a forced device must be there."""

import logging

import torch  # noqa: TID253 - only the host's process imports this

from chorus.domain.errors import ModelDeviceMissing
from chorus.sentiment.backends.cores import cores

log = logging.getLogger(__name__)


def choose_device(wanted: str) -> torch.device:
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if wanted == "auto":
        wanted = next(name for name, is_there in there.items() if is_there)
        if wanted == "cpu":
            log.info("no GPU on this machine: the model runs on the CPU")
    elif not there[wanted]:
        raise ModelDeviceMissing(
            f"SENTIMENT_DEVICE={wanted}, but this machine has no such device: set it to auto, or run on one that has."
        )
    if wanted == "cpu":
        torch.set_num_threads(cores())
    return torch.device(wanted)


def name_of(device: torch.device) -> str:
    """As predictions record it."""
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    return device.type
