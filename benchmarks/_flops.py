"""How much of what a device can multiply a model makes use of."""

from collections.abc import Callable, Sequence
from typing import Any

SIDE = {"cpu": 2048, "cuda": 8192}
TIMES = {"cpu": 4, "cuda": 50}


def gemm_peak(
    device: str, dtype: Any, seconds: Callable[[Callable[[], object]], float]
) -> float:
    """Floating-point operations a second of the one thing it does best, best of three."""
    import torch

    side, times = SIDE[device], TIMES[device]
    one, other = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))

    def multiply() -> None:
        for _ in range(times):
            torch.matmul(one, other)
        if device == "cuda":
            torch.cuda.synchronize()

    multiply()
    return 2 * side**3 * times / min(seconds(multiply) for _ in range(3))


def flops_of(shape: dict[str, Any], lengths: Sequence[int]) -> float:
    """What texts of these lengths need of an encoder, without any padding."""
    hidden, wide = shape["hidden_size"], shape["intermediate_size"]
    tokens = sum(lengths)
    matrices = 2 * (4 * hidden * hidden + 2 * hidden * wide) * tokens
    attention = 4 * hidden * sum(length * length for length in lengths)
    return float(shape["num_hidden_layers"] * (matrices + attention))
