"""int8 through ONNX Runtime against `transformers.pipeline(batch_size=32, truncation=True)` on the CPU.

The same random weights of the true architecture, the same posts. How many labels flip is for `chorus model optimize` to
count on real weights: random ones have no labels to speak of, so that here only speed is measured.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._measure import FULL, side_by_side, table, verdict
from benchmarks._models import BASE, make_model, sample
from benchmarks.sentiment import BATCH, obvious_way
from chorus.sentiment.backends.quantized import QuantizedBackend
from chorus.sentiment.optimizing import quantize

BAR = 8.0


def main() -> None:
    texts = sample()
    with TemporaryDirectory() as folder:
        card = make_model(Path(folder), "base", BASE)
        quantize(card, Path(folder) / "model.onnx")
        backend = QuantizedBackend(card, Path(folder) / "model.onnx")
        pipe = obvious_way(card, "cpu")
        ours_s, theirs_s = side_by_side(
            lambda: backend.predict(texts),
            lambda: list(pipe(texts, batch_size=BATCH, truncation=True)),
            pairs=5 if FULL else 2,
        )
    table(
        f"{len(texts)} posts, base model in int8",
        [
            ("ours", f"{len(texts) / ours_s:.1f} posts per CPU-second"),
            ("the pipeline", f"{len(texts) / theirs_s:.1f} posts per CPU-second"),
        ],
    )
    verdict("sentiment_int8", ratio=theirs_s / ours_s, bar=BAR, at_least=True, posts=len(texts))


if __name__ == "__main__":
    main()
