"""A load of known size, to be run by python3 in a container of our own; it needs nothing but the standard library.

Arguments: memory to hold at first and later, in bytes; bytes to write, twice; the share of a processor to burn; the folder to
write in. Each line that it prints is what the kernel tells about it at that time, as JSON.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable

SECOND_WRITE = 10.5  # seconds after its start
SECOND_PHASE = 17.0
END = 29.0
EVERY = 0.1
PAGE = 4096
CHUNK = 1 << 20


def read(path: str) -> str:
    """The text of a file of the kernel."""
    with open(path) as file:
        return file.read()


def device_of(folder: str) -> str:
    """The device whose file system a folder lies on."""
    found = ("", "")
    for line in read("/proc/self/mountinfo").splitlines():
        mount, _, file_system = line.partition(" - ")
        point = mount.split()[4]
        if (folder + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(found[0]):
            found = (point, file_system.split()[1])
    return found[1]


def reading(phase: int, began: float, device: str, folder: str) -> dict[str, object]:
    """What the kernel tells now."""
    ticks = [int(each) for each in read("/proc/stat").splitlines()[0].split()[1:]]
    available = next(each for each in read("/proc/meminfo").splitlines() if each.startswith("MemAvailable"))
    disk = os.statvfs(folder)
    return {
        "at": time.time(),
        "since": time.monotonic() - began,
        "phase": phase,
        "device": device,
        "processor": time.process_time(),
        "memory": int(read("/proc/self/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE"),
        "busy": (sum(ticks[:8]) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK"),
        "available": int(available.split()[1]) * 1024,
        "free": disk.f_bavail * disk.f_frsize,
    }


def hold(size: int) -> bytearray:
    """Memory that is really used."""
    held = bytearray(size)
    for place in range(0, size, PAGE):
        held[place] = 1
    return held


def write(path: str, size: int) -> None:
    """Bytes on the disk, and their pages in the cache."""
    with open(path, "wb") as file:
        for _ in range(0, size, CHUNK):
            file.write(os.urandom(CHUNK))
        file.flush()
        os.fsync(file.fileno())


def main(first: int, later: int, written: int, share: float, folder: str) -> None:
    """Burn, hold and write, and tell of it, until the end; then wait to be taken away."""
    device, held, rest = device_of(folder), [hold(first)], threading.Event()
    write(os.path.join(folder, "one"), written)
    began, burned = time.monotonic(), time.process_time()
    todo: list[tuple[float, Callable[[], None]]] = [
        (SECOND_WRITE, lambda: write(os.path.join(folder, "two"), written)),
        (SECOND_PHASE, lambda: held.append(hold(later - first))),
    ]
    while (since := time.monotonic() - began) < END:
        if todo and since >= todo[0][0]:
            todo.pop(0)[1]()
        while time.process_time() - burned < share * since:
            pass
        print(json.dumps(reading(len(held), began, device, folder)), flush=True)
        rest.wait(EVERY)
    rest.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
