"""What holds of bronze.raw events on partitions holds on chunks: the same tests."""

from tests.warehouse.test_raw_events import *  # noqa: F403 - all of them
