"""`python -m chorus.sentiment.conversion PICKLE SAFETENSORS`: weights out of a pickle, without running what else it holds."""

import sys
from pathlib import Path


def convert(pickle: Path, safe: Path) -> None:
    import torch
    from safetensors.torch import save_file  # noqa: PLC0415 - this process exists for it

    weights = torch.load(pickle, map_location="cpu", weights_only=True)
    # Tensors that share memory are written out one by one: the format knows no sharing.
    save_file(
        {name: tensor.clone().contiguous() for name, tensor in weights.items()},
        safe,
        metadata={"format": "pt"},
    )


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
