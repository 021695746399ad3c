"""Ray: a cluster of one machine started for a run, or one that is running, joined.

What is started listens on loopback only, wants a secret that is made anew each time, counts no usage, keeps its files in a temporary
folder and is gone with the run.
"""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import warnings
from pathlib import Path
from typing import Any

from schema.errors import UsageError

PORT = 6379
"""Where Ray listens unless it is told otherwise."""
REACH_SECONDS = 10.0
_STORE_BYTES = 2**30
_LONGEST_FOLDER = 40
"""Characters of the folder of sockets, whose paths the system bounds at 107."""
_PREFIX = "jihe-ray-"
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}
"""Nothing is sent to anybody, nothing is printed: what becomes of workers is ours to tell."""
_OWN = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_worker_niceness": "0"}
"""Of a cluster that is started here: Ray's own switch to loopback, made for systems whose firewalls ask about every socket; and readers
as urgent as those of a local run, where Ray would have them wait for everything else (15)."""
_OWN |= {"RAY_enable_metrics_collection": "0", "RAY_enable_open_telemetry": "0", "RAY_task_events_report_interval_ms": "0"}
"""Nobody looks at what Ray counts about a cluster that is gone with the run; to count it takes a third of the time until it reads."""


def load_ray(*, starting: bool) -> Any:
    """The library, which takes from the environment how it behaves when it is loaded: for a cluster that is started here, or another.

    Raises:
        UsageError: it is not installed.
    """
    os.environ.update(_QUIET)
    if starting and "ray" not in sys.modules:
        os.environ.update(_OWN, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    try:
        return importlib.import_module("ray")
    except ImportError as e:
        raise UsageError("没有安装 Ray。请先安装：pip install 'jihe[ray]'；只在本机读时不需要它，去掉 --engine ray 即可。") from e


class Cluster:
    """A connection to Ray; the cluster is ended with it where it was started for it.

    Args:
        address: of a running cluster (host:port of its head, or auto for the one that this machine belongs to); None starts one.
        cpus: cores of the one that is started; None for all.

    Raises:
        UsageError: Ray is not installed, or the cluster cannot be reached.
    """

    def __init__(self, address: str | None = None, cpus: int | None = None) -> None:
        self.folder: Path | None = None
        self._ours = False
        self.ray = load_ray(starting=address is None)
        if self.ray.is_initialized():
            return
        self._ours = True
        if address is None:
            self._start(cpus)
        else:
            self._join(address)

    @property
    def cpus(self) -> int:
        """Cores of all its machines."""
        return int(self.ray.cluster_resources().get("CPU", 0))

    def close(self) -> None:
        """Leave the cluster."""
        if self._ours:
            self.ray.shutdown()
            self._ours = False
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def _start(self, cpus: int | None) -> None:
        parent = tempfile.gettempdir()
        # Where the usual folder has a long name, sockets in it could not be opened.
        short = parent if len(parent) <= _LONGEST_FOLDER or not Path("/tmp").is_dir() else "/tmp"
        _sweep(Path(short))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=short))
        cores = cpus or os.cpu_count() or 1
        try:
            self._init(
                address="local", num_cpus=cores, include_dashboard=False, object_store_memory=_STORE_BYTES, _temp_dir=str(self.folder)
            )
        except (OSError, RuntimeError, ValueError) as e:
            self.close()
            raise UsageError(f"Ray 启动不了（{type(e).__name__}）。请检查临时文件夹的空间和权限，或去掉 --engine ray 在本机读。") from e

    def _join(self, address: str) -> None:
        if address != "auto":
            address = _reached(address)
        try:
            self._init(address=address)
        except (OSError, RuntimeError, ValueError) as e:
            self.ray.shutdown()
            raise UsageError(_refused(address, str(e))) from e

    def _init(self, **how: Any) -> None:
        ended_by = signal.getsignal(signal.SIGTERM)
        try:
            with warnings.catch_warnings():
                # Ray warns of what it will change in later versions.
                warnings.simplefilter("ignore")
                self.ray.init(log_to_driver=False, configure_logging=False, logging_level=logging.FATAL, namespace="jihe", **how)
        finally:
            if threading.current_thread() is threading.main_thread() and ended_by is not None:
                # Ray prints a stack of its own where somebody ends the process.
                signal.signal(signal.SIGTERM, ended_by)


def _sweep(parent: Path) -> None:
    """Remove the folders of runs that were killed."""
    for folder in parent.glob(_PREFIX + "*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _reached(address: str) -> str:
    """The address with its port, where somebody listens there.

    Raises:
        UsageError: it is none, or nobody does.
    """
    host, colon, port = address.rpartition(":")
    if not colon:
        host, port = address, str(PORT)
    if "/" in address or not host or not port.isdigit():
        raise UsageError(f"--address 写成“主机:端口”或 auto，“{address}”看不懂。主机是集群的头节点，端口默认 {PORT}。")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), REACH_SECONDS):
            pass
    except (OSError, OverflowError) as e:
        raise UsageError(f"连不上 Ray 集群 {address}。请检查地址，以及头节点是否已用 ray start --head 启动（见 docs/cluster.md）。") from e
    return f"{host}:{port}"


def _refused(address: str, said: str) -> str:
    if "ersion mismatch" in said:
        return f"集群 {address} 的 Ray 或 Python 版本与本机不同。请在所有机器上装同样的版本：{' '.join(said.split())[:300]}"
    if "uth" in said and "oken" in said:
        return f"集群 {address} 要求口令。请设置 RAY_AUTH_TOKEN 或 ~/.ray/auth_token（见 docs/cluster.md）。"
    how = "请在集群的一台机器上运行；先用 ray start --address=头节点:6379 让本机加入集群"
    return f"连不上 Ray 集群 {address}。{how}（见 docs/cluster.md）。"
