"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
import sys


def machine() -> dict[str, str]:
    """Return cores, memory, Python, system and how busy the machine was a minute ago.

    Cores are those this process may use. Memory and load are `unknown` where the system
    does not tell.
    """
    return {
        "cores": str(_cores()),
        "memory": _memory(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.machine()}",
        "load": _load(),
    }


def machine_line(facts: dict[str, str]) -> str:
    """Return the facts as one line."""
    return (
        f"{facts['cores']} cores, {facts['memory']}, {facts['python']}, {facts['system']}, "
        f"load {facts['load']}"
    )


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{size / 1024**3:.0f} GB"


def _load() -> str:
    try:
        return f"{os.getloadavg()[0]:.1f}"
    except (AttributeError, OSError):
        return "unknown"
