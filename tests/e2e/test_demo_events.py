"""The five real events on the tablet: each is paired, opened, signed by one of its own people, and handed in."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import draw, scribble
from .kios import tablet

EVENTS = ("cerme-2024", "purwodadi-2024", "kota-pasuruan-2024", "parepare-2024", "bojonegoro-2023")


@pytest.mark.parametrize("slug", EVENTS)
def test_real_event_is_signed_on_the_tablet(rough_house, new_context, slug):
    rough_house.spoil()
    event = rough_house.stage("open_demo_event", slug=slug)
    kios = tablet(rough_house, new_context).pair(event["event"])
    kios.find(event["name"]).page.get_by_role(
        "button", name=re.compile(re.escape(event["name"]))
    ).first.click()
    kios.state("sign")
    for number in range(1, event["papers"] + 1):
        if event["papers"] > 1:
            expect(kios.page.get_by_text(f"Dokumen {number} dari {event['papers']}")).to_be_visible()
        kios.page.locator("#agree").check()
        draw(kios.page, "[data-pad]", scribble())
        kios.page.get_by_role("button", name="Selesai").click()
    kios.state("thanks")
    kios.pending(0, timeout=60_000)
    rows = rough_house.stage("state_of", event=event["event"])["signatures"]
    mine = [row for row in rows if row["name"].startswith(event["name"]) or event["name"] in row["name"]]
    assert [row["status"] for row in mine] == ["valid"] * event["papers"]
    assert kios.problems == []
