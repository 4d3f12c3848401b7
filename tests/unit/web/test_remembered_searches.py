"""What is looked for is remembered for whoever typed it, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

from pbx_bridge.web.kit.remembered_searches import LASTS, LONGEST, OF_ONE, RememberedSearches
from tests.sample_company import NOW

HANS = {"q": "Hans Müller"}


def test_a_search_is_found_by_its_key_and_by_its_owner_only() -> None:
    searches = RememberedSearches()
    key = searches.keep("anna", HANS, NOW)
    assert searches.keep("anna", HANS | {"firma": " "}, NOW) == key, "what is empty is no word"
    assert searches.find("anna", key, NOW) == HANS
    assert searches.find("ben", key, NOW) is None
    assert searches.keep("ben", HANS, NOW) != key, "nobody sees that others looked for the same"
    assert RememberedSearches().keep("anna", HANS, NOW) != key, "nor can a key be tried out elsewhere"
    assert searches.keep("anna", {"q": " "}, NOW) == ""


def test_it_is_forgotten_after_a_day_without_use_and_when_there_are_too_many() -> None:
    searches = RememberedSearches()
    key = searches.keep("anna", HANS, NOW)
    assert searches.find("anna", key, NOW + LASTS) == HANS
    assert searches.find("anna", key, NOW + 2 * LASTS) == HANS, "each look counts anew"
    assert searches.find("anna", key, NOW + 3 * LASTS + timedelta(seconds=1)) is None
    key = searches.keep("anna", HANS, NOW)
    for number in range(OF_ONE):
        searches.keep("anna", {"q": f"{number}"}, NOW)
        searches.keep("ben", {"q": f"{number}"}, NOW)
    assert searches.find("anna", key, NOW) is None


def test_what_is_too_long_is_cut() -> None:
    searches = RememberedSearches()
    found = searches.find("anna", searches.keep("anna", {"q": "x" * LONGEST * 2}, NOW), NOW)
    assert found == {"q": "x" * LONGEST}


def test_of_many_long_fields_no_more_is_kept_than_of_one() -> None:
    """A thousand log-ins of one company could fill the memory with them."""
    searches = RememberedSearches()
    words = {f"q{number}~typed": "x" * LONGEST for number in range(30)}
    found = searches.find("anna", searches.keep("anna", words, NOW), NOW)
    assert found == {"q0~typed": "x" * LONGEST}
    several = {"firma": "Mustermann", "q": "Hans", "nummer": "030 23125"}
    assert searches.find("anna", searches.keep("anna", several, NOW), NOW) == several
