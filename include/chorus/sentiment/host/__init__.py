"""The process that holds a model for every task of this machine.

Airflow runs each task in a process of its own, so nothing that a task loads survives it. The first task that needs a
model starts a host; the others find it.

directory/  lock    flock'd by the host for its whole life: the kernel drops it, however the host dies
            start   flock'd by a task only while it starts a host
            sock    the listening socket
            log     the host's own log
"""
