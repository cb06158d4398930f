"""Programs under limits: none hangs, asks or outlives us."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from smartgallery_tui.jobs import ProcessLimits, run

LIMITS = ProcessLimits(wall_s=10.0)


def python(code):
    return [sys.executable, "-I", "-S", "-c", textwrap.dedent(code)]


def is_alive(pid):
    try:
        with Path(f"/proc/{pid}/stat").open() as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_dead(pid, limit_s=60.0):
    deadline = time.monotonic() + limit_s
    while is_alive(pid):
        assert time.monotonic() < deadline, f"{pid} still lives"
        time.sleep(0.01)


def test_output_and_exit_code():
    done = run(
        python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), LIMITS
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", "err\n")
    assert not done.stopped_by


def test_it_has_no_input_and_its_own_session():
    code = "import os, sys; print(repr(sys.stdin.read()), os.getsid(0) == os.getpid())"
    assert run(python(code), LIMITS).stdout == b"'' True\n"


def test_killed_with_its_children_when_time_is_over(tmp_path):
    pid_file = tmp_path / "pid"
    code = f"""
        import os, time
        if os.fork() == 0:
            with open({str(pid_file)!r} + ".new", "w") as out:
                out.write(str(os.getpid()))
            os.rename({str(pid_file)!r} + ".new", {str(pid_file)!r})
        time.sleep(100)
        """
    done = run(python(code), ProcessLimits(wall_s=0.6))
    assert (done.stopped_by, done.returncode) == ("time", -signal.SIGKILL)
    if pid_file.exists():
        wait_until_dead(int(pid_file.read_text()))


def test_a_program_that_closes_its_pipes_and_stays_is_killed():
    code = "import os, time; os.close(1); os.close(2); time.sleep(100)"
    assert run(python(code), ProcessLimits(wall_s=0.4)).stopped_by == "time"


def test_cancelled():
    token = threading.Event()
    timer = threading.Timer(0.2, token.set)
    timer.start()
    done = run(python("import time; time.sleep(100)"), LIMITS, cancelled=token)
    timer.join()
    assert done.stopped_by == "cancelled"


def test_too_much_output_is_stopped():
    limits = ProcessLimits(wall_s=10, stdout_bytes=1 << 20)
    done = run(python("while True: print('x' * 10000)"), limits)
    assert done.stopped_by == "output"
    assert len(done.stdout) < 2 << 20


def test_only_the_end_of_the_messages_is_kept():
    code = "import sys; sys.stderr.write('a' * 300_000 + 'the end')"
    done = run(python(code), ProcessLimits(wall_s=10, stderr_bytes=1000))
    assert len(done.stderr) == 1000
    assert done.stderr.endswith("the end")


def test_a_sink_takes_the_output():
    pieces = []
    done = run(python("print('x' * 100_000)"), LIMITS, sink=pieces.append)
    assert done.stdout == b""
    assert len(b"".join(pieces)) == 100_001


def test_a_failing_sink_leaves_no_child(tmp_path):
    pid_file = tmp_path / "pid"
    code = f"""
        import os, time
        with open({str(pid_file)!r}, "w") as out: out.write(str(os.getpid()))
        print("x", flush=True)
        time.sleep(100)
        """

    def sink(data):
        raise ValueError(data)

    with pytest.raises(ValueError, match="x"):
        run(python(code), LIMITS, sink=sink)
    assert not is_alive(int(pid_file.read_text()))


def test_memory_is_limited():
    limits = ProcessLimits(wall_s=10, memory_bytes=256 << 20)
    done = run(python("bytes(1 << 30)"), limits)
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_it_dies_when_we_are_killed(tmp_path):
    pid_file = tmp_path / "pid"
    child = f"""
import os, time
with open({str(pid_file)!r} + ".new", "w") as out: out.write(str(os.getpid()))
os.rename({str(pid_file)!r} + ".new", {str(pid_file)!r})
time.sleep(100)
"""
    parent = f"""
import sys
from smartgallery_tui.jobs import ProcessLimits, run
run([sys.executable, "-I", "-S", "-c", {child!r}], ProcessLimits(wall_s=60))
"""
    ours = subprocess.Popen([sys.executable, "-c", parent], cwd=Path.cwd())
    deadline = time.monotonic() + 60
    while not pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    ours.kill()
    ours.wait()
    wait_until_dead(int(pid_file.read_text()), 1.0)
