import pytest
from django.urls import reverse

from regions.models import RegionLabel

from .factories import cerme, cerme_villages, gresik, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, django_user_model):
    user = django_user_model.objects.create(email="admin@contoh.id", is_staff=True, is_superuser=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("query", "codes"),
    [("Ra'as", ["35.29.22"]), ("35.25.11", ["35.25.11"]), ("iker-iker", []), ("cerme", ["35.25.11"])],
)
def test_regions_are_found_as_everywhere(administrator, query, codes):
    cerme(), make_region("35.29.22", "Ra'as")
    response = administrator.get(reverse("admin:regions_region_changelist"), {"q": query})
    assert [region.code for region in response.context["cl"].result_list] == codes


def test_regions_are_only_looked_at(administrator):
    cerme()
    assert administrator.get(reverse("admin:regions_region_add")).status_code == 403
    page = administrator.get(reverse("admin:regions_region_change", args=["35.25.11"]))
    assert page.status_code == 200
    assert administrator.post(reverse("admin:regions_region_change", args=["35.25.11"])).status_code == 403
    assert administrator.get(reverse("admin:regions_region_delete", args=["35.25.11"])).status_code == 403


def test_the_list_asks_the_same_for_one_and_many(administrator, django_assert_max_num_queries):
    url = reverse("admin:regions_region_changelist") + "?level=village"
    make_region("35.25.11.2001")
    with django_assert_max_num_queries(50) as one:
        administrator.get(url)
    cerme_villages()
    with django_assert_max_num_queries(50) as many:
        administrator.get(url)
    assert len(one) == len(many)


def test_a_label_can_be_changed(administrator):
    label = RegionLabel.objects.create(region=gresik(), key="camat", label="Panewu")
    data = {"region": "35.25", "key": "camat", "label": "Mantri", "confirmed": "on"}
    response = administrator.post(reverse("admin:regions_regionlabel_change", args=[label.pk]), data)
    assert response.status_code == 302
    assert cerme().local_name("camat") == "Mantri"


def test_the_chooser_of_labels_tells_namesakes_apart(administrator):
    make_region("35.14.01"), make_region("33.06.03")
    query = {"term": "purwodadi", "app_label": "regions", "model_name": "regionlabel", "field_name": "region"}
    response = administrator.get(reverse("admin:autocomplete"), query)
    assert [result["text"] for result in response.json()["results"]] == [
        "Kecamatan Purwodadi (33.06.03)",
        "Kecamatan Purwodadi (35.14.01)",
    ]


def test_labels_deleted_together_are_forgotten(administrator):
    label = RegionLabel.objects.create(region=gresik(), key="camat", label="Panewu")
    assert cerme().local_name("camat") == "Panewu"
    data = {"action": "delete_selected", "_selected_action": [label.pk], "post": "yes"}
    administrator.post(reverse("admin:regions_regionlabel_changelist"), data)
    assert RegionLabel.objects.count() == 0
    assert cerme().local_name("camat") == "Camat"
