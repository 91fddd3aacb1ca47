"""What holds of the archive on partitions holds on chunks: the same tests."""

from tests.pipelines.retention.conftest import bronze  # noqa: F401 - their fixture
from tests.pipelines.retention.test_archive import *  # noqa: F403 - all of them
