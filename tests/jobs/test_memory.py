"""Memory of pictures that are gone goes back to the system."""

import subprocess
import sys

CODE = """
import sys, threading
from smartgallery_tui.jobs.memory import return_large_blocks

def resident_mb():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024

if sys.argv[1] == "yes":
    assert return_large_blocks()
before = resident_mb()
kept = []

def work():
    bytes(b"x" * (20 << 20))  # once it is freed, blocks of this size come from the heap
    for _ in range(200):
        many = [b"x" * (300 << 10) for _ in range(4)]
        kept.append(many[0][:200_000])
        del many[:]

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
del kept[::2], kept[::2], kept[::2]
print(resident_mb() - before)
"""


def grown_mb(is_set):
    argv = [sys.executable, "-c", CODE, is_set]
    return int(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)


def test_freed_blocks_leave_few_holes():
    with_it, without = grown_mb("yes"), grown_mb("no")
    assert with_it < 40  # 20 MB are kept
    assert with_it < without / 2
