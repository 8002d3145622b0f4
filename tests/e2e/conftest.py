"""Browser tests: a real server (gunicorn, worker, file database, collected static files) and Debian's Chromium."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parent.parent.parent
TABLET = {"width": 820, "height": 1180}
TABLET_WIDE = {"width": 1180, "height": 820}
LAPTOP = {"width": 1280, "height": 800}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A busy machine is slow, not wrong: what is as expected comes back at once, only what fails takes longer to say so.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": BROWSER_ARGS}


class House:
    """One running installation with its own DATA_DIR."""

    def __init__(self, folder: Path):
        # Bound, not listening, for as long as the house stands: nobody else is given the port, and the server may
        # listen on it (both reuse the address).
        self.held = socket.socket()
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.held.bind(("127.0.0.1", 0))
        self.port = self.held.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {
            k: v
            for k, v in os.environ.items()
            if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "TEST_DATA_DIR")
        }
        self.env = {
            **clean,
            "DATA_DIR": str(folder),
            "HTTPS": "0",
            "PUBLIC_URL": self.url,
            "PYTHONWARNINGS": "",
        }
        self.process = None

    def manage(self, *command, check=True):
        result = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and result.returncode:
            raise AssertionError(
                f"{command} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}"
            )
        return result

    def stage(self, function: str, **arguments):
        """Call a function of stage.py in a process of its own, as staff at another desk would work."""
        result = subprocess.run(
            [sys.executable, "-m", "tests.e2e.stage", function, json.dumps(arguments)],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise AssertionError(f"{function} ended with {result.returncode}:\n{result.stderr[-2000:]}")
        return json.loads(result.stdout)

    def start(self):
        with open(self.folder / "serve.log", "a") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
            if self.process.poll() is not None:
                break
        raise AssertionError(f"The server did not start:\n{(self.folder / 'serve.log').read_text()[-3000:]}")

    def command(self):
        return [sys.executable, "manage.py", "serve", "--port", str(self.port)]

    def spoil(self, *faults: str, path: str = "/kiosk/sync", **plan):
        """From now on answers to ``path`` are spoilt; without faults the server is honest again."""
        plan = {"faults": list(faults), "path": path, **plan}
        file = self.folder / "faults.json"
        file.with_suffix(".new").write_text(json.dumps(plan))
        file.with_suffix(".new").replace(file)

    def stop(self):
        self.held.close()
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)

    @property
    def logins(self) -> dict:
        return json.loads((self.folder / "demo_logins.json").read_text())


@pytest.fixture(scope="session")
def house():
    """A fresh installation with the demo events, shared by the files of one process."""
    yield from fresh_house()


def fresh_house():
    """For a file that changes the demo events or counts on them as they were: its own ``house``, with a ``base_url``
    that does not ask for the shared one. E2E_DATA_DIR keeps one between runs while a test is being written."""
    kept = os.environ.get("E2E_DATA_DIR")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="netralitas-e2e-"))
    house = House(folder)
    house.manage("prepare")
    house.start()
    yield house
    house.stop()
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


class FaultyHouse(House):
    """The same installation behind a server that can be told to spoil its answers (faults.py); no worker."""

    def __init__(self, folder: Path, database_url: str = ""):
        super().__init__(folder)
        self.env["FAULTS"] = str(folder / "faults.json")
        if database_url:
            self.env["DATABASE_URL"] = database_url

    def command(self):
        return [
            *(sys.executable, "-m", "gunicorn", "tests.e2e.faults:application"),
            *(
                "--bind",
                f"127.0.0.1:{self.port}",
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "4",
            ),
            *("--access-logfile", "/dev/null", "--log-level", "critical"),
        ]


@pytest.fixture(scope="session")
def rough_house():
    """A house whose server spoils answers on demand; E2E_ROUGH_DIR keeps one between runs."""
    kept = os.environ.get("E2E_ROUGH_DIR")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="netralitas-rough-"))
    folder.mkdir(exist_ok=True)
    house = FaultyHouse(folder)
    house.manage("prepare")
    house.start()
    yield house
    house.stop()
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def base_url(house):
    return house.url


@pytest.fixture
def staff(house, new_context):
    """A laptop page signed in as the organizer of Panwaslu Kecamatan Cerme; console errors fail the test."""
    page = sign_in(new_context(viewport=LAPTOP, locale="id-ID"), house, "panwaslu.cerme@contoh.test")
    yield page
    assert page.problems == []


@pytest.fixture
def scene(house):
    return house.stage("make_event", people=12)


@pytest.fixture
def kios(house, new_context, scene):
    """A paired tablet, ready for the first person; errors in its page fail the test."""
    from .kios import tablet  # it draws with this file's hands

    found = tablet(house, new_context).pair(scene["event"])
    found.people = [person["name"] for person in scene["people"]]
    found.event = scene["event"]
    yield found
    assert found.problems == []


def sign_in(context, house, email):
    page = context.new_page()
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{house.url}/masuk/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", house.logins[email])
    follow(page.locator("main button[type=submit]"))
    page.wait_for_url(f"{house.url}/")
    return page


def follow(locator, deed="click"):
    """Click (or ``tap``) and wait for the page that this leads to.

    A bare click may come back while the old page is still there: whatever is counted then is counted on the wrong page,
    and going elsewhere at once can stop a form on its way.
    """
    with locator.page.expect_navigation():
        getattr(locator, deed)()


def draw(page, selector, strokes):
    """Draw with real touch events: strokes are lists of (x, y) as shares of the box."""
    box = page.locator(selector).bounding_box()
    session = page.context.new_cdp_session(page)
    for stroke in strokes:
        for number, (x, y) in enumerate(stroke):
            point = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"], "id": 1}
            kind = "touchStart" if number == 0 else "touchMove"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
            page.wait_for_timeout(8)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def scribble(turns: int = 3):
    """A looping hand: enough length and turning to be read as a signature."""
    import math

    loops = [
        (0.15 + 0.6 * t / (24 * turns) + 0.05 * math.cos(t * 0.6), 0.5 + 0.22 * math.sin(t * 0.6))
        for t in range(24 * turns)
    ]
    return [loops, [(0.2, 0.75), (0.5, 0.72), (0.8, 0.76)]]
