"""Everything that is deployed, built into one folder:

    python -m infra.package [--out build] [--municipality FILE] [--python 3.13]

    functions.zip    app.py, chalicelib and the files they read: the code of every function of ours
    libraries.zip    the layer beside it: what requirements.txt pins, without the typesetter
    typesetter.zip   the layer that the issuing function has besides
    static/          what CloudFront serves from its bucket
    ocr/             the context of the reader's container image
    diwan.json       the template of the stack: what Chalice makes of app.py, merged with the fragments beside this file

Wheels are chosen for the Lambda runtime, whatever Python runs this; one that is missing ends the build. The same
sources give the same bytes, so that what did not change is not deployed again.
"""

import argparse
import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from infra.environments import install

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON, PLATFORM = "3.13", "x86_64-manylinux_2_34"  # Lambda's python3.13 is Amazon Linux 2023, glibc 2.34
TYPESETTER = {"typst"}
# Pinned for those who import them in code that no function runs: Chalice's command line, opensearch-py's gRPC.
LEFT_OUT = {
    *("blessed", "click", "editor", "inquirer", "jinxed", "packaging", "pip", "pyyaml", "readchar", "runs"),
    *("setuptools", "wcwidth", "wheel", "xmod", "grpcio", "opensearch-protobufs"),
}
_FONTS = "node_modules/@expo-google-fonts/ibm-plex-sans-arabic"
_VENDOR = json.loads((CHECKOUT / "static" / "vendor.json").read_text("utf-8"))
# What functions read, as globs in the checkout; commands stay at home, models of the reader in its image.
_CODE = (
    "app.py",
    "chalicelib/**/*",
    "ocr/**/*.py",
    "templates/**/*",
    "static/*",
    f"{_FONTS}/**/*.ttf",
    *(f"node_modules/{name}" for name in _VENDOR.values()),
)
_NOT_OURS = re.compile(r"^chalicelib/(commands/|cli\.py)|^ocr/training/|__pycache__")
# What AWS clients our adapters make; the descriptions of the other four hundred services are 25 MB.
SERVICES = ("bedrock-runtime", "kms", "lambda", "rds", "s3", "secretsmanager", "sesv2", "sns", "sqs", "sts")
_NOT_NEEDED = re.compile(
    r"(^|/)(__pycache__|tests?)/|/RECORD$|\.pyi$|^bin/|^babel/locale-data/(?!root|ar|en)|^sqlalchemy/testing/"
    r"|^fontTools/(cu2qu|feaLib|qu2cu|varLib)/|^botocore/data/(?!(" + "|".join(SERVICES) + r")/)[^/]+/"
)


def main() -> None:
    """Build what the command line asks for, and say how large it came out."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.package", description="Build what is deployed to AWS."
    )
    parser.add_argument("--out", type=Path, default=CHECKOUT / "build")
    parser.add_argument("--municipality", type=Path, help="the file that describes whose Diwan this is")
    parser.add_argument("--python", default=PYTHON, help=f"the version functions run on (default {PYTHON})")
    asked = parser.parse_args()
    sample = CHECKOUT / "samples" / "municipality" / "municipality.json"
    package(asked.out, asked.municipality or sample, asked.python)
    for part in ("functions", "libraries", "typesetter"):
        zipped, unzipped = sizes(asked.out / f"{part}.zip")
        print(f"{part}.zip: {zipped / 1e6:.1f} MB, unpacked {unzipped / 1e6:.1f} MB")


def package(out: Path, municipality: Path, python: str = PYTHON) -> None:
    """Build everything into `out`; layers whose pins did not change are kept. Raises CalledProcessError.

    Two at once: the second waits.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _package(out, municipality, python)


def _package(out: Path, municipality: Path, python: str) -> None:
    pinned = pins()
    layer(out, "libraries", {n: v for n, v in pinned.items() if n not in LEFT_OUT | TYPESETTER}, python)
    layer(out, "typesetter", {name: pinned[name] for name in TYPESETTER}, python)
    functions(out, municipality, python)
    static(out / "static")
    reader_image(out / "ocr")
    template = [sys.executable, "-m", "infra.template", "--out", str(out), "--python", python]
    subprocess.run(template, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)


def pins() -> dict[str, str]:
    """Version by name of what deployed functions need."""
    lines = (CHECKOUT / "requirements.txt").read_text("utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def layer(out: Path, name: str, pinned: dict[str, str], python: str) -> None:
    """`<name>.zip` with the wheels under python/, where Lambda looks for them."""
    wanted = "\n".join(f"{package}=={version}" for package, version in sorted(pinned.items()))
    recipe = hashlib.sha256(Path(__file__).read_bytes() + wanted.encode() + python.encode()).hexdigest()
    told = out / f"{name}.recipe"
    if (out / f"{name}.zip").exists() and told.exists() and told.read_text() == recipe:
        return
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (out / f"{name}.txt").write_text(wanted)
    runtime = ["--only-binary", ":all:", "--python-version", python, "--python-platform", PLATFORM]
    install([*runtime, "--target", str(folder / "python"), "-r", str(out / f"{name}.txt")])
    for path in sorted((folder / "python").rglob("*"), reverse=True):
        if path.is_file() and _NOT_NEEDED.search(str(path.relative_to(folder / "python"))):
            path.unlink()
    _compile(folder, python, "/opt")
    _write_zip(folder, out / f"{name}.zip")
    shutil.rmtree(folder)
    told.write_text(recipe)


def functions(out: Path, municipality: Path, python: str) -> None:
    """`functions.zip`: our code and the files it reads, laid out as in the checkout; the town's in municipality/."""
    folder = out / "functions"
    shutil.rmtree(folder, ignore_errors=True)
    names = {
        str(path.relative_to(CHECKOUT)) for glob in _CODE for path in CHECKOUT.glob(glob) if path.is_file()
    }
    wanted = {folder / name: CHECKOUT / name for name in names if not _NOT_OURS.search(name)}
    for name in (municipality.name, "number-formats.json"):
        if (told := municipality.with_name(name)).is_file():
            wanted[folder / "municipality" / ("municipality.json" if told == municipality else name)] = told
    for target, source in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    _compile(folder, python, "/var/task")
    _write_zip(folder, out / "functions.zip")
    shutil.rmtree(folder)


def static(folder: Path) -> None:
    """What is behind /static/: our files, and under vendor/ those that static/vendor.json allows."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CHECKOUT / "static", folder)
    (folder / "vendor").mkdir()
    for name, source in _VENDOR.items():
        shutil.copyfile(CHECKOUT / "node_modules" / source, folder / "vendor" / name)


def reader_image(folder: Path) -> None:
    """The context that `docker build` makes the reader's image from, its language data beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "training")
    shutil.copytree(CHECKOUT / "ocr", folder / "ocr", ignore=skipped)
    tessdata = CHECKOUT / ".venv" / "share" / "tessdata"
    if tessdata.is_dir():
        shutil.copytree(tessdata, folder / "tessdata")
    else:  # the reader goes on without its second opinion
        (folder / "tessdata").mkdir()


def sizes(file: Path) -> tuple[int, int]:
    """Bytes of a zip, and of what is in it."""
    with zipfile.ZipFile(file) as packed:
        return file.stat().st_size, sum(entry.file_size for entry in packed.infolist())


def find_python(version: str) -> str | None:
    """An interpreter of this version on this machine."""
    if sys.version.startswith(f"{version}."):
        return sys.executable
    managed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for candidate in (shutil.which(f"python{version}"), *map(str, managed)):
        if candidate and not subprocess.run([candidate, "-V"], capture_output=True, check=False).returncode:
            return candidate
    return None


def _compile(folder: Path, python: str, mounted: str) -> None:
    """Compile modules for the runtime, where this machine has it: functions cannot keep what they compile."""
    if interpreter := find_python(python):
        options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", mounted]
        subprocess.run([interpreter, "-m", "compileall", *options, str(folder)], check=True)


def _write_zip(folder: Path, target: Path) -> None:
    """All files of `folder`, in one order and without their times."""
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(str(path.relative_to(folder)), (1980, 1, 1, 0, 0, 0))
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes(), compresslevel=6)
    part.replace(target)


if __name__ == "__main__":
    main()
