"""The house rules that a machine can check: sizes, imports without effect, who may do what."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smartgallery_tui

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "smartgallery_tui"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE_LINES = 500
MAX_CLASS_LINES = 300
MAX_FUNCTION_LINES = 50
MAX_CHAIN_CLASSES = 5
BROAD_EXCEPT_ALLOWED = {"library/reading", "ui/app", "cli/main"}
TOOLKITS = ("textual", "rich", "textual_image")


def _relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _length(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a definition without its own docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _python(code: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *args], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_sizes(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES
    too_long = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ClassDef) and _length(node) > MAX_CLASS_LINES:
            too_long.append(f"class {node.name}: {_length(node)} lines")
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and _length(node) > MAX_FUNCTION_LINES:
            too_long.append(f"{node.name}: {_length(node)} lines")
    assert not too_long


def test_no_long_chain_of_classes() -> None:
    """A class needs few others to be understood: parts are held, not inherited."""
    bases = {
        node.name: [ast.unparse(base).partition("[")[0] for base in node.bases]
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ClassDef)
    }

    def length(name: str) -> int:
        return 1 + max(map(length, bases[name]), default=0) if name in bases else 0

    assert not [name for name in bases if length(name) > MAX_CHAIN_CLASSES]


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_every_module_says_its_job(path: Path) -> None:
    assert ast.get_docstring(_tree(path))


def test_broad_except_stays_in_three_places() -> None:
    found = set()
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
                found.add(_relative(path).removesuffix(".py"))
    assert found == BROAD_EXCEPT_ALLOWED


def _is_broad(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Tuple):
        return any(_is_broad(part) for part in node.elts)
    return node is None or (
        isinstance(node, ast.Name) and node.id in ("Exception", "BaseException")
    )


def test_the_view_opens_no_file_and_runs_no_sql() -> None:
    forbidden = {"read_text", "read_bytes", "write_text", "write_bytes", "unlink", "execute",
                 "executemany", "rmdir", "mkdir", "rename"}  # fmt: skip
    found = []
    for path in MODULES:
        if _room(path) != "ui":
            continue
        for node in ast.walk(_tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = node.func
            if isinstance(name, ast.Name) and name.id == "open":
                found.append(f"{_relative(path)}:{node.lineno} open()")
            # `library.rename(...)` is the way to do it; a path's own method is not
            is_method = isinstance(name, ast.Attribute) and name.attr in forbidden
            if is_method and not ast.unparse(name.value).endswith(("library", "lib")):
                found.append(f"{_relative(path)}:{node.lineno} .{name.attr}()")
    assert not found


def test_ffmpeg_python_is_imported_in_one_module_at_most() -> None:
    users = [
        _relative(path)
        for path in MODULES
        for node in ast.walk(_tree(path))
        if (
            isinstance(node, ast.Import)
            and any(a.name.split(".")[0] == "ffmpeg" for a in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ffmpeg")
    ]
    assert len(users) <= 1


@pytest.mark.parametrize("path", MODULES, ids=_relative)
def test_no_state_at_module_level(path: Path) -> None:
    """A table that nobody writes to is a constant; one that starts empty or is changed is state."""
    tree = _tree(path)
    changed = set(_changed_names(tree))
    found = []
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for name in (target.id for target in targets if isinstance(target, ast.Name)):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            if _starts_empty(node.value) or name in changed:
                found.append(f"line {node.lineno}: {name}")
    assert not found
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)]


_CHANGING = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem",
             "remove", "discard", "clear", "sort", "move_to_end", "appendleft"}  # fmt: skip


def _starts_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    mutable = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"}
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in mutable
        and not value.args
    )


def _changed_names(tree: ast.Module) -> Iterator[str]:
    """Yield names in capitals that a statement changes in place."""
    for node in ast.walk(tree):
        changed: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            changed = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            changed = node.func.value if node.func.attr in _CHANGING else None
        if isinstance(changed, ast.Name) and changed.id.isupper():
            yield changed.id


_IMPORT_ALL = """
import sys, threading, importlib, json
names = json.loads(sys.argv[1])
sys.path.insert(0, sys.argv[2])
effects = []
quiet = [True]
def watch(event, args):
    if quiet[0]:
        return
    if event == "open":
        path, mode, flags = args
        writes = isinstance(flags, int) and flags & 0o1103  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
        if writes and "__pycache__" not in str(path) and not str(path).endswith(".pyc"):
            effects.append(f"opened {path!r} for writing")
    elif event in ("subprocess.Popen", "os.system", "socket.connect", "sqlite3.connect", "os.fork"):
        effects.append(event)
sys.addaudithook(watch)
sys.dont_write_bytecode = True
class Loud:
    encoding = "utf-8"
    def __init__(self, name): self.name = name
    def write(self, text): effects.append(f"wrote to {self.name}")
    def flush(self): pass
    def isatty(self): return True
    def fileno(self): return 1
out, err = sys.stdout, sys.stderr
sys.stdout = sys.__stdout__ = Loud("stdout")
sys.stderr = sys.__stderr__ = Loud("stderr")
found = {}
for name in names:
    quiet[0] = False
    before = threading.active_count()
    importlib.import_module(name)
    if threading.active_count() > before:
        effects.append("started a thread")
    quiet[0] = True
    if effects:
        found[name] = list(effects)
        effects.clear()
sys.stdout, sys.stderr = out, err
print(json.dumps(found))
"""


def test_importing_has_no_side_effect() -> None:
    names = [_dotted(path) for path in MODULES if path.name != "__main__.py"]
    assert json.loads(_python(_IMPORT_ALL, json.dumps(names), str(ROOT))) == {}


_LOADED = """
import sys
sys.path.insert(0, sys.argv[1])
import importlib
for name in sys.argv[2].split(","):
    importlib.import_module(name)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_the_core_loads_no_toolkit() -> None:
    names = [
        _dotted(path)
        for path in MODULES
        if _room(path) not in ("ui", "terminal", "cli", "__main__")
    ]
    loaded = _python(_LOADED, str(ROOT), ",".join(names)).split()
    assert not set(loaded) & set(TOOLKITS)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(option: str) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from smartgallery_tui.__main__ import main\n"
        "sys.argv = ['smartgallery', sys.argv[2]]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('LOADED', *sorted(name for name in sys.modules if '.' not in name))"
    )
    loaded = _python(code, str(ROOT), option).rpartition("LOADED")[2].split()
    assert not set(loaded) & {"textual", "rich", "peewee", "PIL", "sqlite3", "textual_image"}


def test_package_version_is_the_installed_one() -> None:
    assert smartgallery_tui.__version__ == importlib.metadata.version("smartgallery-tui")
