"""What a host inherits: what it needs to find its libraries and devices, and no credential."""

from collections.abc import Mapping

ALLOWED = (
    "PATH",
    "HOME",
    "TMPDIR",
    "TZ",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "CUDA_HOME",
    "CUDA_DEVICE_ORDER",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "NVIDIA_DRIVER_CAPABILITIES",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    # By this the stack of `make run` finds what its tasks have started, and ends it with everything else.
    "CHORUS_RUN_DIR",
)
SET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "true",
    # Threads that wait by spinning take the cores from whatever they wait for: a tenth of the speed on a busy machine.
    "OMP_WAIT_POLICY": "PASSIVE",
    "PYTHONUNBUFFERED": "1",
}


def host_environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: ours[name] for name in ALLOWED if name in ours} | SET
