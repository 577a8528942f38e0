"""Uses some memory, and ends. A virtual machine may give free memory back to its host, and each page
of that costs a fault in the host when it is used again: a pull whose files come to lie there needs
a third more CPU time."""

import mmap
import subprocess
import sys

ENOUGH = 6 * 1024**3  # for what one run writes, with some room


def unused():
    """Bytes that nobody has, not even the page cache."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("MemFree")) * 1024


def touch():
    """In a process of its own: the peak of this one would count as that of what it starts."""
    subprocess.run([sys.executable, __file__], check=True)


def main():
    size = min(unused() * 9 // 10, ENOUGH)
    with mmap.mmap(-1, size) as memory:
        for page in range(0, size, mmap.PAGESIZE):
            memory[page] = 1


if __name__ == "__main__":
    main()
