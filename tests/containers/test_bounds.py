"""Numbers of `stat` that no database column holds become the nearest that one does."""

from smartgallery_tui.records.bounds import storable_inode, storable_ns

LARGEST = 2**63 - 1


def test_times_are_kept_or_become_the_nearest_that_fits():
    for kept in (0, 1_700_000_000_000_000_000, -5, LARGEST, -LARGEST):
        assert storable_ns(kept) == kept
    for late in (LARGEST + 1, 2**70):
        assert storable_ns(late) == LARGEST
    for early in (-LARGEST - 1, -(2**70)):
        assert storable_ns(early) == -LARGEST


def test_the_highest_bit_of_an_inode_goes():
    assert storable_inode(2**63 + 7) == 7
    assert storable_inode(LARGEST) == LARGEST
