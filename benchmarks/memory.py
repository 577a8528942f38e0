"""The memory of the machine that measures."""

import mmap


def available():
    """Bytes that can be had without swapping."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) * 1024


def touch():
    """Uses nearly all of it once. In a virtual machine a page that was never used costs a fault in
    the host: a pull whose files come to lie in such pages needs a third more CPU time."""
    size = available() * 9 // 10
    with mmap.mmap(-1, size) as memory:
        for page in range(0, size, mmap.PAGESIZE):
            memory[page] = 1
