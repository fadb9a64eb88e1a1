"""Finding and installing the browser, with everything outside the program replaced."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.browser import BrowserMissing, find_browser, install_browser

ROOT = Path(__file__).resolve().parents[2]


def find(environment=(), system=(), programs=(), own=None) -> Path:
    return find_browser(
        dict(environment), lambda name: dict(system).get(name), lambda path: path.as_posix() in programs, lambda: own
    )


def test_the_named_browser_comes_first() -> None:
    found = find({"CHROME": "/opt/chrome"}, {"chromium": "/usr/bin/chromium"}, ["/opt/chrome", "/usr/bin/chromium"])
    assert found == Path("/opt/chrome")


def test_a_named_browser_may_be_a_command() -> None:
    assert find({"CHROME": "brave"}, {"brave": "/usr/bin/brave"}, ["/usr/bin/brave"]) == Path("/usr/bin/brave")


def test_a_wrong_name_is_not_passed_over_in_silence() -> None:
    with pytest.raises(BrowserMissing, match="CHROME=/nowhere is not a program"):
        find({"CHROME": "/nowhere"}, {"chromium": "/usr/bin/chromium"})


def test_the_systems_browser_comes_before_playwrights() -> None:
    assert find((), {"chromium": "/usr/bin/chromium"}, ["/own"], Path("/own")) == Path("/usr/bin/chromium")
    assert find((), (), ["/own"], Path("/own")) == Path("/own")


def test_the_shell_without_windows_comes_before_the_whole_browser() -> None:
    both = {name: f"/usr/bin/{name}" for name in ("chromium", "chromium-headless-shell")}
    assert find((), both) == Path("/usr/bin/chromium-headless-shell")


def test_a_mac_application_is_found() -> None:
    application = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert find((), (), [application]) == Path(application)


def test_playwrights_path_counts_only_when_it_was_downloaded() -> None:
    with pytest.raises(BrowserMissing, match="apt-get install chromium"):
        find((), (), [], Path("/not/downloaded"))


class Machine:
    """A machine on which ``works`` installs a browser."""

    def __init__(self, works: str = "") -> None:
        self.works = works
        self.ran: list[list[str]] = []
        self.has_browser = False

    def find(self) -> Path:
        if not self.has_browser:
            raise BrowserMissing("none")
        return Path("/browser")

    def run(self, command: list[str]) -> int:
        self.ran.append(command)
        done = bool(self.works) and self.works in command
        self.has_browser |= done and "install" in command
        return 0 if done else 1

    def install(self, root: bool = True) -> Path:
        return install_browser(self.find, self.run, lambda name: f"/usr/bin/{name}", lambda: root)


def test_nothing_is_installed_when_there_is_one() -> None:
    machine = Machine()
    machine.has_browser = True
    assert machine.install() == Path("/browser")
    assert machine.ran == []


def test_playwright_is_asked_first() -> None:
    machine = Machine(works="playwright")
    assert machine.install() == Path("/browser")
    assert machine.ran == [[sys.executable, "-m", "playwright", "install", "chromium"]]


def test_then_debians_package() -> None:
    machine = Machine(works="apt-get")
    assert machine.install() == Path("/browser")
    assert [command[0] for command in machine.ran[1:]] == ["apt-get", "apt-get"]


def test_debians_package_needs_root() -> None:
    machine = Machine(works="apt-get")
    with pytest.raises(BrowserMissing, match="none could be installed"):
        machine.install(root=False)
    assert len(machine.ran) == 1


def test_a_browser_that_was_named_wrongly_is_never_replaced() -> None:
    machine = Machine(works="playwright")

    def named() -> Path:
        raise BrowserMissing("CHROME=/nowhere is not a program.")

    with pytest.raises(BrowserMissing, match="CHROME="):
        install_browser(named, machine.run)
    assert machine.ran == []


def test_the_command_fails_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROME", "/nowhere")
    done = subprocess.run(
        [sys.executable, "-m", "tools.browser", "--install"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "CHROME=/nowhere" in done.stderr
