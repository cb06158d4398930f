"""How single values are compared."""

from __future__ import annotations

import pytest

from smartgallery_tui.query.compare import begins_part, comparison, words_in
from smartgallery_tui.query.fields import extension_of, prefix_of
from tests.query.meaning import regex_in


@pytest.mark.parametrize(
    ("query", "name", "found"),
    [
        ("wan 2.2", "wan2.2_i2v_high_noise.safetensors", True),
        ("WAN-2-2", "video/wan2.2_i2v.gguf", True),
        ("flux1-dev", "flux1-dev_fp8.safetensors", True),
        ("flux1 dev", "FLUX/flux1_dev.safetensors", True),
        ("sdxl", "sd_xl_base_1.0.safetensors", True),
        ("base", "sd_xl_base_1.0.safetensors", True),
        ("lux", "flux1-dev", True),
        ("sdxl", "flux1-dev", False),
    ],
)
def test_model_names_are_found_whatever_the_separators(query, name, found):
    assert comparison("model", query, "part")(name) is found


@pytest.mark.parametrize(
    ("words", "name", "found"),
    [
        (["flux"], "flux1-dev.safetensors", True),
        (["flux1"], "flux1-dev.safetensors", True),
        (["dev"], "flux1-dev.safetensors", True),
        (["wan2", "2"], "wan2.2_i2v.gguf", True),
        (["i2v"], "wan2.2_i2v.gguf", True),
        (["sdxl"], "sd_xl_base.ckpt", True),
        (["lux"], "flux1-dev.safetensors", False),
        (["art"], "smart_model", False),
    ],
)
def test_a_bare_word_finds_names_by_the_beginning_of_a_part(words, name, found):
    assert begins_part(name, words) is found


@pytest.mark.parametrize(
    ("value", "mode", "folder", "found"),
    [
        ("portraits", "part", "/lib/portraits", True),
        ("portraits", "part", "/lib/portraits/2026", True),
        ("portraits/2026", "part", "/lib/Portraits/2026/x", True),
        ("port", "part", "/lib/portraits", False),
        ("/lib", "part", "/lib/a", True),
        ("/lib", "part", "/library", False),
        ("/", "part", "/anything", True),
        ("portraits", "exact", "/lib/portraits", True),
        ("portraits", "exact", "/lib/portraits/2026", False),
        ("/lib", "exact", "/lib", True),
        ("/lib", "exact", "/lib/a", False),
        ("port", "prefix", "/lib/portraits/x", True),
        ("/li", "prefix", "/lib/x", True),
        ("port", "prefix", "/lib/export", False),
        ("2026-??", "glob", "/lib/2026-03/deep", True),
        ("2026-??", "glob", "/lib/2026-033", False),
        ("/lib/*", "glob", "/lib/x", True),
        ("/lib/*", "glob", "/other", False),
    ],
)
def test_folders(value, mode, folder, found):
    assert comparison("folder", value, mode)(folder) is found


def test_wildcards_stand_for_themselves_in_plain_values():
    assert comparison("name", "100%", "part")("a 100% b")
    assert not comparison("name", "%", "part")("abc")
    assert not comparison("name", "a_c", "part")("abc")
    assert comparison("name", "[a]*", "glob")("[a]b.png")
    assert not comparison("name", "[a]*", "glob")("ab.png")


def test_words_stand_next_to_each_other():
    assert words_in("an old castle", ["old", "castle"], False)
    assert not words_in("old and castle", ["old", "castle"], False)
    assert words_in("an old castle", ["old", "cas"], True)
    assert not words_in("an old castle", ["ol", "castle"], True)
    assert not words_in("", ["a"], True)
    assert words_in("a a b", ["a", "b"], False)


def test_only_the_first_part_of_a_long_text_is_searched():
    assert regex_in("needle", "x" * 100 + "NEEDLE")
    assert not regex_in("needle", "x" * 20_000 + "needle")


def test_parts_of_file_names():
    assert [extension_of(name) for name in ("a.PNG", "a.b.c", "noext", ".png")] == [
        "png", "c", "", "",
    ]  # fmt: skip
    assert [prefix_of(name) for name in ("ComfyUI_1_.png", "_x", "none.png")] == [
        "ComfyUI", "", "",
    ]  # fmt: skip
