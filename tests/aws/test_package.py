"""The package for AWS: complete, of the right platform, light, and alive in a Python that has nothing else."""

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

from infra.package import CHECKOUT, LEFT_OUT, PYTHON, find_python, package, pins, sizes

SAMPLE = CHECKOUT / "samples" / "municipality" / "municipality.json"
LAMBDA_LIMIT = 250 * 1024 * 1024
PROBE = """
import json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
began, used = time.perf_counter(), time.process_time()
import app
took = {"wall": time.perf_counter() - began, "processor": time.process_time() - used}
heavy = sorted({"typst", "tantivy", "numpy", "opensearchpy", "pyhanko"} & set(sys.modules))
app.migrate({}, None)
class Context:
    aws_request_id, function_name, memory_limit_in_mb = "id", "diwan", 1024
    def get_remaining_time_in_millis(self): return 29000
def ask(path, resource, parameters=None):
    event = {"path": path, "headers": {"Host": "diwan.example"}, "multiValueQueryStringParameters": None,
        "pathParameters": parameters, "stageVariables": None, "body": None, "isBase64Encoded": False,
        "requestContext": {"httpMethod": "GET", "resourcePath": resource, "path": path, "identity": {"sourceIp": "192.0.2.1"}}}
    return app.app(event, Context())
from chalicelib.adapters import by_url
from chalicelib.kernel.errors import Refusal
print(json.dumps({"took": took, "heavy": heavy, "landing": ask("/", "/"),
    "unprintable": app.diwan.signing.unprintable("عبدالله\\U0001F600"),
    "handlers": [name for name in ("prompt", "reading", "issuing", "arrivals", "minute") if callable(getattr(app, name))]}))
"""  # noqa: E501


@pytest.fixture(scope="session")
def built() -> Path:
    """What is deployed; layers are kept from one run to the next while pins stay the same."""
    package(CHECKOUT / "build", SAMPLE)
    return CHECKOUT / "build"


def names(*files: Path) -> list[str]:
    return [name for file in files for name in zipfile.ZipFile(file).namelist()]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_that_is_pinned_was_dropped(built: Path) -> None:
    metadata = [
        name.split("/")[1]
        for name in names(built / "libraries.zip", built / "typesetter.zip")
        if name.endswith(".dist-info/METADATA")
    ]
    packed = {
        normal(folder.split("-")[0]): folder.split("-")[1].removesuffix(".dist-info") for folder in metadata
    }
    wanted = {normal(name): version for name, version in pins().items() if name not in LEFT_OUT}
    assert set(packed) == set(wanted)
    assert {"typst", "sqlalchemy", "psycopg-binary", "boto3"} <= set(packed)


def test_every_file_of_ours_that_functions_read_is_there(built: Path) -> None:
    """Not modules only: a service that is described in a file is not offered without it."""
    ours = {
        str(file.relative_to(CHECKOUT))
        for folder in ("chalicelib", "templates", "static")
        for file in (CHECKOUT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    at_home = {name for name in ours if name.startswith(("chalicelib/commands/", "chalicelib/cli.py"))}
    assert any(name.endswith(".toml") for name in ours)
    assert ours - at_home - set(names(built / "functions.zip")) == set()


def test_every_wheel_is_for_the_runtime(built: Path) -> None:
    tags, wrong = 0, []
    for layer in ("libraries.zip", "typesetter.zip"):
        with zipfile.ZipFile(built / layer) as packed:
            for name in packed.namelist():
                if name.endswith(".dist-info/WHEEL"):
                    told = re.findall(r"^Tag: (\S+)$", packed.read(name).decode(), re.MULTILINE)
                    tags += len(told)
                    wrong += [f"{name}: {tag}" for tag in told if not _fits(tag)]
                elif re.search(r"\.so(\.|$)", name) and (
                    ".cpython-" in name and ".cpython-313-x86_64" not in name
                ):
                    wrong.append(name)
    assert tags > 50
    assert wrong == []


def _fits(tag: str) -> bool:
    python, abi, platform = tag.split("-")
    if platform == "any":
        return python in ("py3", "py2.py3", "py2", "cp313")
    made_for = re.fullmatch(r"manylinux(?:1|2010|2014|_2_(\d+))_x86_64", platform)
    usable = abi in ("cp313", "abi3", "none")
    return bool(usable and made_for and int(made_for[1] or 17) <= 34)


def test_it_is_light(built: Path) -> None:
    unpacked = {name: sizes(built / f"{name}.zip")[1] for name in ("functions", "libraries", "typesetter")}
    api = unpacked["functions"] + unpacked["libraries"]
    print({name: f"{size / 1e6:.1f} MB" for name, size in unpacked.items()})  # noqa: T201
    assert api < 0.7 * LAMBDA_LIMIT
    # Told while a release can still go out: what is over the limit itself is refused by the deployment.
    assert api + unpacked["typesetter"] < 0.97 * LAMBDA_LIMIT, (
        "leave out what no function runs (infra/package.py)"
    )
    api_names = names(built / "functions.zip", built / "libraries.zip")
    tops = {name.split("/")[1] for name in api_names if name.startswith("python/")}
    assert not tops & {"typst", "tantivy", "numpy", "onnxruntime", "grpc", "pip"}
    assert not [
        name for name in api_names if name.startswith(("chalicelib/commands/", "ocr/models/", "samples/"))
    ]


def test_the_same_sources_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    from infra.package import functions

    (tmp_path / "again").mkdir()
    functions(tmp_path / "again", SAMPLE, PYTHON)
    assert (tmp_path / "again" / "functions.zip").read_bytes() == (built / "functions.zip").read_bytes()


def test_it_starts_quickly_and_renders_a_page(built: Path, tmp_path: Path) -> None:
    interpreter, packed = find_python(PYTHON), built
    if interpreter is None:  # the runtime's Python is not here: the same package for the one that is
        import sys

        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        interpreter, packed = sys.executable, tmp_path / "package"
        package(packed, SAMPLE, version)
    unpacked = {"functions": tmp_path / "task", "libraries": tmp_path / "opt"}
    for name, folder in unpacked.items():
        with zipfile.ZipFile(packed / f"{name}.zip") as content:
            content.extractall(folder)
    path = [str(tmp_path / "task"), str(tmp_path / "opt" / "python")]
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "DIWAN_DATA": str(tmp_path / "data"),
        "DIWAN_MUNICIPALITY": "municipality/municipality.json",
        "DIWAN_BLOBS": "s3://diwan-blobs",
        "DIWAN_SEARCH": "opensearch+http://127.0.0.1:1/pages",
        "DIWAN_MESSAGES": "aws:",
        "DIWAN_OCR": "lambda://diwan-reader",
    }
    runs = []
    for _ in range(3):
        ran = subprocess.run(
            [interpreter, "-I", "-c", PROBE, json.dumps(path)],
            cwd=tmp_path / "task",
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        runs.append(json.loads(ran.stdout.splitlines()[-1]))
    told = runs[-1]
    quickest = {measure: min(run["took"][measure] for run in runs) for measure in ("wall", "processor")}
    print(f"cold import of the API, seconds: {quickest}")  # noqa: T201
    assert told["landing"]["statusCode"] == 200, ran.stderr[-3000:]
    assert 'dir="rtl"' in told["landing"]["body"]
    assert "/static/diwan.css?v=" in told["landing"]["body"]
    assert told["unprintable"] == ["\U0001f600"]
    assert told["handlers"] == ["prompt", "reading", "issuing", "arrivals", "minute"]
    assert not {"typst", "tantivy", "numpy"} & set(told["heavy"])
    assert quickest["processor"] < 1.5


def test_every_client_of_aws_that_adapters_make_is_described_in_the_package(built: Path) -> None:
    asked = {
        name
        for file in (CHECKOUT / "chalicelib" / "adapters" / "aws").glob("*.py")
        for name in re.findall(r'client\(\s*"([a-z0-9-]+)"', file.read_text("utf-8"))
    }
    described = {
        name.split("/")[3]
        for name in names(built / "libraries.zip")
        if name.startswith("python/botocore/data/") and name.count("/") > 3
    }
    assert {"s3", "kms"} <= asked
    assert asked - described == set()
