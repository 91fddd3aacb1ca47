"""Our batches against `transformers.pipeline(batch_size=32, truncation=True)` over posts in order of arrival.

The same random weights of the true architecture, the same posts, the same device; on a CPU in fp32, where the answers must
be equal, on a GPU in bf16. Nearly all of the gain is padding that is not computed, so that the posts are chosen to be padded
as many are: among a hundred it is anything from 4 to 8 times, by chance. SIZE=full takes five pairs, and on a GPU more posts.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._flops import flops_of, gemm_peak
from benchmarks._measure import FULL, cpu_seconds, side_by_side, table, verdict, wall_seconds
from benchmarks._models import BASE, make_model, posts, sample
from chorus.sentiment.backends.token_batches import load_tokenizer
from chorus.sentiment.backends.transformer import TransformerBackend
from chorus.sentiment.cards import ModelCard

BAR_CPU = 4.5
BAR_GPU = 10.0
EQUAL = 1e-5
BATCH = 32


def obvious_way(card: ModelCard, device: str) -> Any:
    """What a user would write. Given a maximum length, without which it crashes on the first long post."""
    from transformers import AutoTokenizer, pipeline

    pipe: Any = pipeline
    return pipe(
        "sentiment-analysis",
        model=str(card.weights),
        tokenizer=AutoTokenizer.from_pretrained(card.weights, model_max_length=card.max_length),
        device=device,
        top_k=None,
    )


def largest_difference(ours: list[list[float]], theirs: list[list[dict[str, Any]]]) -> float:
    """Between the probabilities of any label of any post."""
    worst = 0.0
    for found, expected in zip(ours, theirs, strict=True):
        by_label = {answer["label"]: answer["score"] for answer in expected}
        for number, probability in enumerate(found):
            worst = max(worst, abs(probability - by_label[f"LABEL_{number}"]))
    return worst


def main() -> None:
    import torch

    on_gpu = torch.cuda.is_available()
    texts = posts(40_000 if FULL else 4000) if on_gpu else sample()
    count = len(texts)
    clock = wall_seconds if on_gpu else cpu_seconds
    with TemporaryDirectory() as folder:
        card = make_model(Path(folder), "base", BASE)
        backend = TransformerBackend(card, *(("cuda", "bf16") if on_gpu else ("cpu", "fp32")))
        pipe = obvious_way(card, "cuda" if on_gpu else "cpu")

        def theirs() -> list[list[dict[str, Any]]]:
            return list(pipe(texts, batch_size=BATCH, truncation=True))

        difference = largest_difference(backend.predict(texts), theirs())
        ours_s, theirs_s = side_by_side(
            lambda: backend.predict(texts),
            theirs,
            pairs=5 if FULL else 2,
            seconds=clock,
        )
        lengths = [len(one.ids) for one in load_tokenizer(card)[0].encode_batch(texts)]
    padded = [
        max(lengths[i : i + BATCH])
        for i in range(0, count, BATCH)
        for _ in lengths[i : i + BATCH]
    ]
    best_at = ("cuda", torch.bfloat16) if on_gpu else ("cpu", torch.float32)
    peak = gemm_peak(*best_at, clock)
    share = flops_of(BASE, lengths) / ours_s / peak
    kind = "" if on_gpu else "CPU-"
    table(
        f"{count} posts, base model, {backend.device}",
        [
            ("ours", f"{count / ours_s:.1f} posts per {kind}second"),
            ("the pipeline", f"{count / theirs_s:.1f} posts per {kind}second"),
            (
                "its tokens, padding included",
                f"{sum(padded) / sum(lengths):.1f} for each there is",
            ),
            (
                "of the device's own matrix product",
                f"{share:.0%} of {peak / 1e12:.2f} TFLOP per {kind}second",
            ),
            ("largest difference of a probability", f"{difference:.1e}"),
        ],
    )
    if not on_gpu and difference > EQUAL:
        raise SystemExit(f"the answers differ by {difference:.1e}, which is more than {EQUAL}")
    verdict(
        "sentiment",
        ratio=theirs_s / ours_s,
        bar=BAR_GPU if on_gpu else BAR_CPU,
        at_least=True,
        device=backend.device,
        posts=count,
        posts_per_second=round(count / ours_s, 1),
        padding=round(sum(padded) / sum(lengths), 1),
        share_of_gemm_peak=round(share, 3),
        largest_difference=difference,
    )


if __name__ == "__main__":
    main()
