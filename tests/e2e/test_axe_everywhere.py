"""Every page that staff may open, derived from the matrix of rights: axe finds nothing, the console stays empty.

One installation, one browser, the world of ``test_access.py``. A new address is walked by itself.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

from .conftest import LAPTOP, House, follow
from .test_pages import SIDEWAYS, violations

# Answers that are no pages, by content; and a screen whose own tests look at it in all its states.
PAGE = "text/html"
# A name that is still fading in has no contrast yet.
AT_REST = """for (const moving of document.getAnimations()) {
  try { moving.finish() } catch { moving.cancel() }
}"""
OWN_TESTS = {"declarations:kiosk", "declarations:kiosk_page"}


@pytest.fixture(scope="session")
def house():
    """An installation of its own, without the demo: the world is that of the matrix."""
    folder = Path(tempfile.mkdtemp(prefix="netralitas-axe-"))
    house = House(folder)
    house.manage("prepare", "--no-demo")
    house.start()
    yield house
    house.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def staged(house):
    return house.stage("access_world")


def signed_in(new_context, house, email, password):
    page = new_context(viewport=LAPTOP, locale="id-ID", reduced_motion="reduce").new_page()
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(f"{house.url}/masuk/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    follow(page.locator("main button[type=submit]"))
    page.wait_for_url(f"{house.url}/")
    return page


@pytest.mark.parametrize("person", ["organizer", "supervisor", "administrator"])
def test_every_page_of(person, house, staged, new_context):
    page = signed_in(new_context, house, staged["logins"][person], staged["password"])
    broken, seen = [], 0
    for name, path in staged["pages"][person]:
        if name in OWN_TESTS:
            continue
        answer = page.request.get(house.url + path)
        if answer.status not in (
            200,
            409,
        ):  # 409: the state of the event forbids the step; a page all the same
            broken.append(f"{name}: {answer.status}")
        if not answer.headers.get("content-type", "").startswith(PAGE) or "<html" not in answer.text():
            continue  # a file, or a piece of a page
        page.goto(house.url + path)
        page.evaluate(f"() => {{ {AT_REST} }}")
        seen += 1
        broken += [f"{name}: {rule['id']} {rule['nodes'][0]['html'][:160]}" for rule in violations(page)]
        if page.evaluate(SIDEWAYS) > 0:
            broken.append(f"{name}: scrolls sideways")
        broken += [f"{name}: {problem}" for problem in page.problems if "409" not in problem]
        page.problems.clear()
    assert broken == [], "\n".join(broken)
    assert seen >= {"organizer": 60, "supervisor": 1, "administrator": 5}[person]
