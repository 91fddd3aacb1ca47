"""What PostgreSQL computes, in CPU seconds: what other people's load on the machine changes little."""

import psutil

from chorus.stack.postgres import Cluster


def server_cpu(cluster: Cluster) -> float:
    """Of all processes of the server, those that have ended included."""
    [pid, *_] = (cluster.data / "postmaster.pid").read_text().split()
    server = psutil.Process(int(pid))
    ended = server.cpu_times()
    seconds = ended.user + ended.system + ended.children_user + ended.children_system
    return seconds + sum(_seconds(process) for process in server.children())


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0
    return times.user + times.system
