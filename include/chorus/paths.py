"""Where the repository keeps what is not Python."""

from pathlib import Path

INCLUDE = Path(__file__).parents[1]
ROOT = INCLUDE.parent
SQL = INCLUDE / "sql"
MODELS = INCLUDE / "models"
