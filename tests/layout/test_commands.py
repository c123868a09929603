"""The commands people are told of exist, and the small programs behind them hold together."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))


def test_make_alone_explains_itself() -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("install", "run", "test", "lint", "bench-%", "demo-data", "docs"):
        assert re.search(rf"^  make {re.escape(target)} +\S", told, re.M), target


@pytest.mark.parametrize("path", sorted((ROOT / "tools").glob("*.sh")), ids=lambda p: p.name)
def test_shell_programs_are_plain_sh(path: Path) -> None:
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", str(path)], check=True)


def test_documents_name_only_targets_that_exist() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        if path.exists():
            for target in re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z-]+)", path.read_text()):
                assert target in TARGETS or target.startswith("bench-"), f"{path}: make {target}"


def test_documents_name_only_tests_that_exist() -> None:
    told = [
        (path, *found)
        for path in (ROOT / "docs").glob("*.md")
        for found in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text())
    ]
    assert len(told) > 30
    for path, file, function in told:
        assert (ROOT / file).exists(), f"{path}: {file}"
        assert f"def {function}" * bool(function) in (ROOT / file).read_text(), (
            f"{path}: {file}::{function}"
        )


def test_ci_runs_lint_and_test_and_fails_with_them(tmp_path: Path) -> None:
    """With a ``make`` that fails at one target, the whole must fail."""
    program = ROOT / ".ci" / "run"
    assert os.access(program, os.X_OK)
    for broken, expected in (("lint", 1), ("test", 1), ("test-slow", 1), ("nothing", 0)):
        fake = tmp_path / "make"
        fake.write_text(f'#!/bin/sh\necho "made $1" >>{tmp_path}/made\n[ "$1" != {broken} ]\n')
        fake.chmod(0o755)
        ran = subprocess.run(
            [str(program)],
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == expected, ran.stdout + ran.stderr
    made = (tmp_path / "made").read_text().splitlines()
    assert made.count("made lint") == 4
    assert made.count("made test") == 3
    assert made.count("made test-slow") == 2


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("error: command 'gcc' failed: No such file or directory", "needs a compiler"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "differs from what"),
        ("ERROR: No matching distribution found for nothing==1", "could not be fetched"),
        ("Traceback\nsomething else", "pip failed: something else"),
    ],
)
def test_a_failed_installation_is_one_clear_line(tmp_path: Path, log: str, told: str) -> None:
    """The real installer, with a Python whose pip fails as pip does."""
    python = tmp_path / "python3.11"
    (tmp_path / "log").write_text(log + "\n")
    python.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        '  *venv*) mkdir -p .venv/bin; cp "$0" .venv/bin/python;;\n'
        f"  *'pip install'*) cat {tmp_path}/log; exit 1;;\n"
        "esac\n"
    )
    python.chmod(0o755)
    ran = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "install.sh")],
        cwd=tmp_path,
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_missing_python_is_one_clear_line(tmp_path: Path) -> None:
    for name in ("sh", "id", "df", "awk", "head", "grep", "tail", "cat"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    ran = subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "install.sh")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Python 3.11 to 3.14 is needed" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_links_in_documents_lead_somewhere() -> None:
    program = [sys.executable, str(ROOT / "tools" / "check_docs.py")]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_day_given_to_make_reaches_the_run() -> None:
    # Without make's own chatter about folders, also when make runs these tests.
    command = [
        "make",
        "--no-print-directory",
        "--eval",
        "show: ; @echo day=$$HEMVIST_TODAY",
        "show",
    ]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "TODAY": "2027-06-24"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "day=2027-06-24\n"


def test_a_missing_browser_without_apt_is_one_clear_line(tmp_path: Path) -> None:
    shell = tmp_path / "sh"
    shell.symlink_to("/bin/sh")
    nobody = tmp_path / "id"
    nobody.write_text("#!/bin/sh\necho 1000\n")
    nobody.chmod(0o755)
    ran = subprocess.run(
        [str(shell), str(ROOT / "tools" / "chromium.sh")],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "need Chromium" in ran.stderr
    assert "HEMVIST_CHROMIUM" in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.skipif(shutil.which("chromium") is None, reason="says nothing without a browser")
def test_a_browser_that_is_there_is_taken(tmp_path: Path) -> None:
    program = ["/bin/sh", str(ROOT / "tools" / "chromium.sh")]
    ran = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
