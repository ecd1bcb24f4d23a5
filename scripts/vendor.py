"""Fetch the front-end files that are kept under static/vendor, and check them.

    vendor.py            fetch again; the files must be those of SHA256SUMS
    vendor.py --update   fetch again and write SHA256SUMS anew (after a version below was changed)
    vendor.py --check    compare the files here with SHA256SUMS, without the network
    vendor.py --tests    fetch what only tests need (axe-core, the Nu validator, ical.js) into .cache/npm

Every tarball comes through `npm pack` and must have the integrity written here.
"""

import argparse
import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SUMS = VENDOR / "SHA256SUMS"
CACHE = ROOT / ".cache" / "npm"
PACKED = ROOT / "static" / "checkin" / "zxing_reader.wasm.br"
PACK = """
const fs = require("fs"), zlib = require("zlib");
const [from, to] = process.argv.slice(1);
const whole = fs.readFileSync(from);
const same = fs.existsSync(to) && zlib.brotliDecompressSync(fs.readFileSync(to)).equals(whole);
const params = { [zlib.constants.BROTLI_PARAM_LGWIN]: 22 };
if (!same) fs.writeFileSync(to, zlib.brotliCompressSync(whole, { params }));
"""


@dataclass(frozen=True)
class Package:
    """An npm package: its name and version, the SHA-512 of its tarball, and which file goes
    where.
    """

    name: str
    sha512: str
    files: dict[str, str]


ICONS = """
arrow-left arrow-right ban bed building-2 bus calendar calendar-plus camera chart-column check
chevron-down chevron-left chevron-right circle-check circle-x clock coffee copy door-open download
external-link eye file-text flag flashlight globe graduation-cap history hourglass house info key
languages link list log-in log-out mail map-pin menu merge minus moon pencil phone plane plus
presentation printer qr-code search send settings shield smartphone split star sun ticket trash-2
triangle-alert undo-2 upload user user-plus users utensils volume-2 x
""".split()

SHIPPED = (
    Package(
        "@picocss/pico@2.1.1",
        "kIDugA7Ps4U+2BHxiNHmvgPIQDWPDU4IeU6TNRdvXQM1uZX+FibqDQT2xUOnnO2yq/LUHcwnGlu1hvf4KfXnMg==",
        {"css/pico.min.css": "pico.min.css", "LICENSE.md": "licenses/pico.txt"},
    ),
    Package(
        "htmx.org@4.0.1",
        "oF7JgXhDW9UXCy/k1ZYFUQgzu/rm19ORWPSPNL91vPluB2PB9+MV55tyQdH/w7o2EAbTYUG5SDW1R60mdkdqGg==",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "licenses/htmx.txt"},
    ),
    Package(
        "barcode-detector@3.2.2",
        "/4QOrrNrCRmDSBWiiP4aC72dnkuXUEdcFRidHgbPRXUpy82XcCMvJssI6fEs6JT42LS7DvBVZO70qasJbYKyrA==",
        {
            "dist/es/ponyfill.js": "barcode-detector/ponyfill.js",
            "dist/es/zxing-exported.js": "barcode-detector/zxing-exported.js",
            "LICENSE": "licenses/barcode-detector.txt",
        },
    ),
    # The very version that barcode-detector depends on: it refuses the WebAssembly of another.
    Package(
        "zxing-wasm@3.1.3",
        "3lC9BJk4fR5ZJxcGjb0hVnDFOW7KpLXHIebiBmVd4FDRQZVeObztoTKxRUPxlWwSgxrMRONK0u50hBD1aTYEKg==",
        {
            "dist/reader/zxing_reader.wasm": "barcode-detector/zxing_reader.wasm",
            "LICENSE": "licenses/zxing-wasm.txt",
        },
    ),
    Package(
        "lucide-static@1.62.0",
        "WBZA/m2PvkFpMGHDtsBck5P2A9G4ehLlYu4GwwICcmEm1BvYVgj00lCDxKRWLlbMlOibLaiwdQ88G5pHkSWgwA==",
        {"icons": "lucide.svg", "LICENSE": "licenses/lucide.txt"},
    ),
)

FOR_TESTS = (
    Package(
        "axe-core@4.14.1",
        "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        {"axe.min.js": "axe.min.js"},
    ),
    Package(
        "vnu-jar@26.9.27",
        "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA==",
        {"build/dist/vnu.jar": "vnu.jar"},
    ),
    # What Thunderbird reads calendars with.
    Package(
        "ical.js@2.2.1",
        "yK/UlPbEs316igb/tjRgbFA8ZV75rCsBJp/hWOatpyaPNlgw0dGDmU+FoicOcwX4xXkeXOkYiOmCqNPFpNPkQg==",
        {"dist/ical.es5.min.cjs": "ical.min.cjs"},
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tests", action="store_true")
    wanted = parser.parse_args()
    if wanted.tests:
        fetch(FOR_TESTS, CACHE)
        return
    if not wanted.check:
        fetch(SHIPPED, VENDOR)
        pack()
    if wanted.update:
        SUMS.write_text(sums(), encoding="ascii")
    elif sums() != SUMS.read_text(encoding="ascii"):
        sys.exit("static/vendor differs from static/vendor/SHA256SUMS")


def sums() -> str:
    """The files of static/vendor in the format of `sha256sum`."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != SUMS)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(VENDOR).as_posix()}\n"
        for path in files
    )


def fetch(packages: tuple[Package, ...], into: Path) -> None:
    """Write the chosen files of `packages` under `into`; ends the program if a tarball is not the
    one written here.
    """
    for package in packages:
        with tempfile.TemporaryDirectory() as folder:
            unpacked = unpack(package, Path(folder))
            for source, target in package.files.items():
                place = into / target
                place.parent.mkdir(parents=True, exist_ok=True)
                if (unpacked / source).is_dir():
                    place.write_text(sprite(unpacked / source), encoding="utf-8")
                else:
                    shutil.copyfile(unpacked / source, place)
        print(package.name)


def pack() -> None:
    """Pack the decoder by Brotli (viesis/static_files.py sends it so), unless what is there unpacks
    to it already.
    """
    node = shutil.which("node")
    if node is None:
        sys.exit("node is needed to pack the decoder")
    places = (str(VENDOR / "barcode-detector/zxing_reader.wasm"), str(PACKED))
    subprocess.run([node, "-e", PACK, *places], check=True)


def unpack(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch front-end files")
    # The name of the tarball is taken from the folder, not from npm's output, which may hold
    # warnings.
    subprocess.run(
        [npm, "pack", "--silent", package.name], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    tarball = next(folder.glob("*.tgz"))
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if digest != package.sha512:
        sys.exit(f"{package.name}: the tarball has SHA-512 {digest}, expected {package.sha512}")
    with tarfile.open(tarball) as archive:
        for member in archive:
            place = folder.joinpath(member.name).resolve()
            source = archive.extractfile(member)
            # Python 3.11.2, Debian's, has no `filter="data"`; links and what would land elsewhere
            # stay out.
            if source is not None and member.isfile() and place.is_relative_to(folder.resolve()):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(source.read())
    return folder / "package"


def sprite(icons: Path) -> str:
    """One SVG with a <symbol> for each icon; colour and line come from the page's stylesheet."""
    symbols = "".join(
        symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}</svg>\n'


def symbol(name: str, svg: str) -> str:
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if found is None:
        sys.exit(f"{name}.svg holds no drawing")
    drawing = re.sub(r"\s*\n\s*", "", found[1])
    line = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {line}>{drawing}</symbol>\n'


if __name__ == "__main__":
    main()
