"""What holds of the silver load on partitions holds on chunks: the same tests."""

from tests.pipelines.test_silver import *  # noqa: F403 - all of them
