"""Records and query texts made at random, from small vocabularies so that they meet."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.query.record import PassValues, Record

ROOT = "/library"
MODELS = ["flux1-dev_fp8.safetensors", "SDXL/sd_xl_base_1.0.safetensors", "wan2.2_i2v_high.gguf",
          "dreamshaper_8", "Модель.ckpt"]  # fmt: skip
LORAS = ["style_ghibli_01.safetensors", "style_ghibli_02.safetensors", "detail-tweaker.pt"]
PROMPTS = ["a castle by night, neon", "Castle in the sky", "an old fox", "Ünïcode façade 東京の夜",
           "100% sure_thing; DROP TABLE files", "", "🏰 tower", "a a b a"]  # fmt: skip
NAMES = ["ComfyUI_01234_.png", "castle_night_0001.PNG", "flux-02.webp", "été 東京.jpg", "noext",
         "a.b.c.gif", ".png", "upscale_12345_.mp4", "new\nline_1.png"]  # fmt: skip
FOLDERS = ["/library", "/library/portraits", "/library/portraits/2026-03", "/library/x y/z",
           "/library/PORT", "/elsewhere/deep"]  # fmt: skip
SAMPLERS = ["euler", "euler_ancestral", "dpmpp_2m", ""]
SCHEDULERS = ["karras", "simple", "normal"]
SEEDS = [0, 7, 42, 99, 2**53 + 1, 2**63, 2**64 - 1]
TAGS = ["land", "best of 2025", "Ähre", "keep"]
NOTES = ["", "redo the castle", "print it", "neon sign"]
DAY_NS = 86_400_000_000_000
START_NS = 1_700_000_000 * 1_000_000_000


def maybe(values):
    return st.none() | values


def some(values, size=2):
    return st.lists(st.sampled_from(values), max_size=size, unique=True).map(tuple)


passes = st.builds(
    PassValues,
    sampler=maybe(st.sampled_from(SAMPLERS)),
    scheduler=maybe(st.sampled_from(SCHEDULERS)),
    steps=maybe(st.sampled_from([4, 20, 25, 30])),
    cfg=maybe(st.sampled_from([1.0, 3.5, 7.0, 7.5])),
    guidance=maybe(st.sampled_from([3.5, 4.0])),
    denoise=maybe(st.sampled_from([0.55, 1.0])),
    seed=maybe(st.sampled_from(SEEDS)),
    width=maybe(st.sampled_from([512, 832, 1024])),
    height=maybe(st.sampled_from([512, 1024, 1216])),
)


@st.composite
def records(draw):
    folder = draw(st.sampled_from(FOLDERS))
    name = draw(st.sampled_from(NAMES))
    names = [("model", n) for n in draw(some(MODELS))]
    names += [("lora", n) for n in draw(some(LORAS))]
    names += [("vae", n) for n in draw(some(["ae.safetensors"]))]
    names += [("node", n) for n in draw(some(["KSampler", "LoadImage", "SaveImage"]))]
    names += [("input", n) for n in draw(some(["cat photo.png", "mask.png"]))]
    return Record(
        path=f"{folder}/{name}",
        name=name,
        root=ROOT,
        kind=draw(st.sampled_from(["image", "video", "audio"])),
        format=draw(st.sampled_from(["png", "webp", "mp4"])),
        size_bytes=draw(st.sampled_from([0, 1000, 2_000_000, 5_000_000_000])),
        mtime_ns=START_NS + draw(st.integers(0, 400)) * DAY_NS,
        width=draw(maybe(st.sampled_from([0, 512, 1024, 1920]))),
        height=draw(maybe(st.sampled_from([0, 512, 1024, 1080]))),
        duration_ms=draw(maybe(st.sampled_from([0, 1500, 10_000, 90_000]))),
        frames=draw(maybe(st.sampled_from([1, 45, 300]))),
        frame_rate=draw(maybe(st.sampled_from([24.0, 29.97, 30.0]))),
        generator=draw(maybe(st.sampled_from(["ComfyUI", "A1111"]))),
        sources=draw(some(["prompt", "workflow", "parameters"], 3)),
        has_workflow=draw(st.booleans()),
        problem=draw(maybe(st.just("the file is cut short"))),
        passes=tuple(draw(st.lists(passes, max_size=3))),
        names=tuple(names),
        positive=draw(some(PROMPTS)),
        negative=draw(some(PROMPTS)),
        is_favorite=draw(st.booleans()),
        rating=draw(st.integers(0, 5)),
        status=draw(st.sampled_from(["", "approved", "to_edit"])),
        tags=draw(some(TAGS)),
        albums=draw(some(["Best", "to print", "best/of 2025", "Trips/Alps", "trips"])),
        note=draw(st.sampled_from(NOTES)),
        is_missing=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def libraries(draw, min_size=0, max_size=8):
    """A list of records with paths of their own; duplicates share what is said of them."""
    made = draw(
        st.lists(records(), min_size=min_size, max_size=max_size, unique_by=lambda r: r.path)
    )
    present = [place for place, record in enumerate(made) if not record.is_missing]
    twins = present[: draw(st.sampled_from([0, 0, 2, 3]))]
    if len(twins) < 2:
        return made
    first = made[twins[0]]
    for place in twins:
        made[place] = replace(
            made[place], is_duplicate=True, is_favorite=first.is_favorite, rating=first.rating,
            status=first.status, note=first.note, tags=first.tags, albums=first.albums,
        )  # fmt: skip
    return made


TERMS = [
    "castle", "Castle", "cast*", '"castle by"', '"in the sky"', "fox", "neon", "東京", "京の",
    "façade", "facade", "flux", "wan", "2.2", "ghibli", "01234", "1234", "🏰", "a", '"a b"',
    "sure_thing", "prompt:castle", "prompt:a*", "neg:fox", "prompt:castle,fox", "prompt:*",
    "neg:*", "model:flux", "model:sdxlbase", 'model:"wan 2.2"', "model:flux1-dev_fp8.safetensors",
    "model:flux*", "model:*dev*", "model:=dreamshaper_8", "model:*", "model:модель",
    "lora:style_ghibli_01", "lora:ghibli,tweaker", "lora:*", "vae:ae", "controlnet:*",
    "input:cat", "node:ksampler", "node:*image", "seed:42", "seed:>7",
    "seed:>=9223372036854775808", "seed:18446744073709551615", "seed:7..99", "seed:*", "steps:20",
    "steps:20..25", "steps:<20", "steps:*", "cfg:>7", "cfg:7", "cfg:3.5..7", "cfg:!=7",
    "guidance:3.5", "denoise:<1", "sampler:euler", "sampler:euler*", "sampler:*ancestral",
    "sampler:*", "scheduler:karras,simple", "size:512x512", "size:1024x*", "size:>1mb", "size:0",
    "w:>1000", "w:512", "h:..600", "w:*", "ratio:16:9", "ratio:>1", "ratio:1", "orient:square",
    "orient:landscape,portrait", "orient:*", "duration:>5s", "duration:1:30", "duration:*",
    "fps:30", "fps:29.97", "fps:>24", "fps:*", "date:2024", "date:2023-11..2024-03",
    "date:>2024-06", "date:march", "age:<2y", "age:>900d", "before:2024-01-01", "after:2024-06",
    "date:*", "name:1234", "name:CASTLE", "name:*.png", "name:castle*", "name:été", "name:.",
    "name:%", "name:_", "prefix:comfyui", "prefix:*", "path:portraits", "path:/library/x",
    'path:"x y"', "folder:portraits", "folder:2026-03", "folder:=portraits", "folder:port*",
    "folder:/library", "folder:=/library", "folder:/library/portraits", "folder:*2026*",
    "root:library", "root:*", "ext:png", "ext:.gif", "ext:jpg,webp", "ext:*", "format:png",
    "kind:image", "kind:video,audio", "source:prompt", "source:*", "generator:comfyui",
    "generator:*", "fav:yes", "fav:no", "rating:>=3", "rating:0", "rating:none", "rating:*",
    "rating:<3", "status:approved", "status:none", "tag:land", 'tag:"best of 2025"', "tag:ähre",
    "tag:best*", "tag:*", "tag:none", "album:best", "album:*", "album:trips", "album:=best",
    'album:"trips/alps"', "album:trip*", "album:none", "note:castle", "note:*",
    "has:workflow", "has:metadata", "has:lora", "missing:yes", "missing:no", "problem:short",
    "problem:*", "dup:yes", "dup:no", "re:/cast.e/", "re:/^an/", "prompt:/sky$/", "name:/\\d{5}/",
    "model:/^flux/", "sampler:/eu/", "tag:/^b/", "note:/n.on/",
]  # fmt: skip


def queries():
    """Query texts put together from known terms."""
    term = st.sampled_from(TERMS)

    def wrap(inner):
        return (
            st.builds(lambda a, b: f"{a} {b}", inner, inner)
            | st.builds(lambda a, b: f"({a} OR {b})", inner, inner)
            | st.builds(lambda a: f"-({a})", inner)
        )

    return st.recursive(term | term.map(lambda t: f"-{t}"), wrap, max_leaves=5)
