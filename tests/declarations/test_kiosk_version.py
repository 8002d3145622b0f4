import pytest

from declarations.kiosk_version import is_too_old, standing


@pytest.mark.parametrize(
    ("app", "current", "expected"),
    [
        ("1.4.0+aaaaaaa", "1.4.0+aaaaaaa", "none"),
        ("1.4.0+aaaaaaa", "1.4.0+bbbbbbb", "available"),
        ("1.3.9+aaaaaaa", "1.4.0+aaaaaaa", "available"),
        ("1.2.0", "1.4.0", "available"),
        ("1.1.9", "1.4.0", "required"),
        ("0.9.0", "1.0.0", "required"),
        ("2.0.0", "1.4.0", "available"),  # the server was rolled back: never a reason to stop
        ("contoh/1", "1.4.0", "none"),
        ("", "1.4.0", "none"),
    ],
)
def test_app_is_measured_by_releases(app, current, expected):
    assert standing(app, current) == expected
    assert is_too_old(app, current) is (expected == "required")
