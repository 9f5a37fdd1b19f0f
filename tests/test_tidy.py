"""The rules of the project that no linter knows. Truth: ../shared/reference/python-style.md."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import nectarc
from nectarc.codes import CODES

ROOT: Final = Path(__file__).resolve().parent.parent
LINES_MAX: Final = 400
FUNCTION_LINES_MAX: Final = 60
VAGUE: Final = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
SKIPPED: Final = {".venv", ".git", "node_modules", "build", "dist", ".demo", ".hypothesis"}

# Imports point from a later row to an earlier one, or inside a row, never the other way. Packages
# in one row are two views of one idea: a rules file and what it decides, a proof and its words.
LAYERS: Final = (
    {"records"},
    {"source", "spelling"},
    {"diagnostic", "trace"},
    {"automata"},
    {"codes", "grammars", "files", "fixes", "render", "shipped"},
    {"toon"},
    {"syntax"},
    {"ir"},
    {"refinery", "evaluate"},
    {"semantics"},
    {"logic"},
    {"corpus", "regions"},
    {"lowering", "columnar"},
    {"prove", "report", "testing", "compare"},
    {"scale"},
    {"project", "manifest"},
    {"checking", "formatting", "safety", "lock", "scaffold"},
    {"pipeline", "proving", "live"},
    {"lint"},
    {"importing"},
    {"intent"},
    {"offline", "claude"},
    {"propose"},
    {"waggle"},
    {"cli"},
)
# Modules that own reading and writing; all others take values and return values.
OWN_IO: Final = {
    "nectarc/files.py": "users' files",
    "nectarc/project.py": "looking for the manifest",
    "nectarc/shipped.py": "the shipped pages and the example",
    "nectarc/grammars.py": "the shipped parser tables",
    "nectarc/semantics/conventions.py": "the shipped conventions",
    "nectarc/columnar/machine.py": "what the processor can do",
    "nectarc/automata/unicode_classes.py": "the shipped classes of Unicode",
    "nectarc/claude/exchanges.py": "recorded exchanges",
    "nectarc/scaffold/beginning.py": "the bundled example",
    "nectarc/scaffold/new_files.py": "files of a new project",
}
OWN_IO_FOLDERS: Final = ("nectarc/cli/", "nectarc/corpus/")
IO_MODULES: Final = {
    "glob", "io", "os", "pathlib", "random", "shutil", "socket", "subprocess", "tempfile", "time",
    "urllib", "http", "datetime", "secrets",
}  # fmt: skip


def _python_files(*folders: str) -> list[Path]:
    found = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not SKIPPED & set(path.relative_to(ROOT).parts)
    ]
    assert found
    return found


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _modules() -> list[Path]:
    return _python_files("nectarc")


def _everything() -> list[Path]:
    return _python_files("nectarc", "lsp", "tools", "tests", "examples")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "nectarc":
                yield from (f"nectarc.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_files_hold_one_idea() -> None:
    long = {
        _name(path): lines
        for path in _everything()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }

    assert long == {}


def test_functions_fit_on_a_screen() -> None:
    long = {
        f"{_name(path)}:{node.lineno} {node.name}": lines
        for path in _everything()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and (lines := node.end_lineno - node.lineno + 1) > FUNCTION_LINES_MAX
    }

    assert long == {}


def test_modules_say_what_is_in_them() -> None:
    vague = [
        _name(path)
        for path in _everything()
        if VAGUE & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]

    assert vague == []


def test_no_work_is_left_without_an_issue() -> None:
    word = re.compile(r"#.*\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")
    left = [
        f"{_name(path)}:{number}"
        for path in _everything()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word.search(line) and path != Path(__file__)
    ]

    assert left == []


def test_imports_point_one_way() -> None:
    rank = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    wrong: list[str] = []
    for path in _modules():
        parts = path.relative_to(ROOT / "nectarc").parts
        own = parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        assert own in rank, f"{_name(path)}: say in LAYERS where `{own}` stands"
        for name in _imports(path):
            other = name.split(".")[1] if name.startswith("nectarc.") else own
            if rank.get(other, -1) > rank[own]:
                wrong.append(f"{_name(path)} imports {name}")

    assert wrong == []


# The language server: what is known of documents, what is asked of it, the protocol.
SERVER_LAYERS: Final = (
    {"database"},
    {"features"},
    {"background"},
    {"handlers"},
    {"server", "__main__"},
)


def test_the_language_server_has_its_own_layers() -> None:
    rank = {name: number for number, layer in enumerate(SERVER_LAYERS) for name in layer}
    root = ROOT / "lsp" / "nectarc_lsp"
    wrong: list[str] = []
    for path in _python_files("lsp"):
        own = path.relative_to(root).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        assert own in rank, f"{_name(path)}: say in SERVER_LAYERS where `{own}` stands"
        for name in _imports(path):
            other = name.split(".")[1] if name.startswith("nectarc_lsp.") else own
            is_protocol = name.split(".")[0] in {"lsprotocol", "pygls"}
            if rank[other] > rank[own] or (is_protocol and own not in {"handlers", "server"}):
                wrong.append(f"{_name(path)} imports {name}")

    assert wrong == []


def test_nectarc_knows_no_language_server() -> None:
    wrong = [
        f"{_name(path)} imports {name}"
        for path in _modules()
        for name in _imports(path)
        if name.split(".")[0] == "nectarc_lsp" and _name(path) != "nectarc/cli/lsp.py"
    ]

    assert wrong == []


def test_the_core_does_no_io() -> None:
    wrong: list[str] = []
    for path in _modules():
        name = _name(path)
        if name in OWN_IO or name.startswith(OWN_IO_FOLDERS):
            continue
        wrong += [f"{name} imports {one}" for one in _imports(path) if one in IO_MODULES]
        wrong += [
            f"{name}:{node.lineno} calls {node.func.id}"
            for node in ast.walk(_tree(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ]

    assert wrong == []


# A dependency is imported by one package only, so that it can be replaced.
@pytest.mark.parametrize(
    ("dependency", "owners"),
    [
        ("lark", ("nectarc/grammars.py", "tools/")),
        ("anthropic", ("nectarc/claude/client.py",)),
        ("httpx2", ("nectarc/claude/client.py",)),
        ("vl_convert", ("nectarc/waggle/charts.py",)),
        ("re2", ("nectarc/evaluate/patterns.py", "tools/build_unicode.py")),
        ("yaml", ("nectarc/refinery/",)),
        ("pygls", ("lsp/nectarc_lsp/handlers/", "lsp/nectarc_lsp/server.py")),
        ("lsprotocol", ("lsp/nectarc_lsp/handlers/", "lsp/nectarc_lsp/server.py")),
        ("opentelemetry", ("nectarc/corpus/", "examples/")),
        ("pysat", ("nectarc/logic/solver.py",)),
        ("numba", ("nectarc/columnar/",)),
        ("pyarrow", ("nectarc/corpus/arrow.py",)),
        ("dask", ("nectarc/scale/", "examples/")),
        ("distributed", ("nectarc/scale/", "examples/")),
        (
            "tomllib",
            (
                "nectarc/manifest.py",
                "nectarc/refinery/loader.py",
                "nectarc/corpus/formats/csv_map.py",
                "nectarc/importing/v1_toml.py",
                "nectarc/offline/lexicon.py",
            ),
        ),
    ],
)
def test_a_dependency_has_one_owner(dependency: str, owners: tuple[str, ...]) -> None:
    users = {
        _name(path)
        for path in _python_files("nectarc", "lsp", "tools", "examples")
        for name in _imports(path)
        if name.split(".")[0] == dependency
    }

    assert [user for user in sorted(users) if not user.startswith(owners)] == []


def test_every_module_says_what_it_owns() -> None:
    silent = [_name(path) for path in _modules() if not ast.get_docstring(_tree(path))]

    assert silent == []


def _files_of_tests() -> Iterator[Path]:
    for path in sorted((ROOT / "tests").rglob("*")):
        is_text = path.suffix in {".py", ".md"} and not SKIPPED & set(path.parts)
        if is_text and path != Path(__file__):
            yield path


@cache
def _codes_in_tests() -> frozenset[str]:
    texts = _files_of_tests()
    found = (re.findall(r"NEC[0-9]{3}", path.read_text(encoding="utf-8")) for path in texts)
    return frozenset(code for codes in found for code in codes)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_a_page_and_a_test(code: str) -> None:
    page = ROOT / "docs" / "codes" / f"{code}.md"

    assert page.is_file(), "write the page"
    assert page.read_text(encoding="utf-8").startswith(f"# {code}: "), "the title names the code"
    assert code in _codes_in_tests(), "let it fire in a test"


def test_every_page_of_a_code_is_of_a_code() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "codes").glob("NEC*.md")}

    assert sorted(pages - set(CODES)) == []


def test_links_in_the_docs_resolve() -> None:
    link = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
    broken: list[str] = []
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in link.findall(text):
            path = target.split("#")[0]
            if not path or "://" in path or path.startswith("mailto:"):
                continue
            if not (page.parent / path).exists():
                broken.append(f"{_name(page)}: {target}")

    assert broken == []


def test_the_version_is_that_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert nectarc.__version__ == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("tool", ["build_tables", "build_docs"])
def test_generated_files_are_fresh(tool: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", f"tools.{tool}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
