"""What lies where below `.run/`, which holds everything a running stack writes."""

from dataclasses import dataclass
from pathlib import Path

from chorus import paths


@dataclass(frozen=True)
class RunFolder:
    """May be removed while nothing runs; the next start begins anew."""

    root: Path = paths.ROOT / ".run"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def airflow(self) -> Path:
        return self.root / "airflow"

    @property
    def demo(self) -> Path:
        return self.root / "demo"

    @property
    def demo_targets(self) -> Path:
        return self.root / "demo-targets.yaml"

    @property
    def variables(self) -> Path:
        """What this start decided, for `chorus ...` beside the running stack; `chorus.config` reads it last."""
        return self.root / "chorus.env"

    @property
    def postgres_port(self) -> Path:
        return self.root / "postgres-port"

    def log(self, component: str) -> Path:
        return self.root / "logs" / f"{component}.log"
