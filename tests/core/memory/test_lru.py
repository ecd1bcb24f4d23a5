from core.memory.lru import LRU


def test_the_value_that_was_not_used_for_longest_goes_first() -> None:
    pages: LRU[str, str] = LRU(2)
    pages["lv"], pages["lt"] = "Konference", "Konferencija"
    assert pages.get("lv") == "Konference"
    pages["nb"] = "Konferanse"
    assert dict(pages) == {"lv": "Konference", "nb": "Konferanse"}


def test_a_cache_of_bytes_weighs_what_it_holds() -> None:
    files: LRU[str, bytes] = LRU(10, len)
    files["first"], files["second"] = b"12345", b"12345"
    files["third"] = b"1"
    assert list(files) == ["second", "third"]


def test_a_value_larger_than_the_cache_is_not_kept_and_nor_is_what_it_replaces() -> None:
    files: LRU[str, bytes] = LRU(4, len)
    files["sheet"], files["other"] = b"12", b"34"
    files["sheet"] = b"12345"
    assert dict(files) == {"other": b"34"}
