"""The AWS home on one machine, without an account: the built package on ministack, PostgreSQL and OpenSearch."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.emulated import emulated
from infra.environments import CHECKOUT, environment
from infra.front import front
from infra.package import PYTHON, find_python, package
from tests import opensearch_node, postgres_server

REGION, STAGE = "eu-central-1", "dev"
_SAMPLE = CHECKOUT / "samples" / "municipality" / "municipality.json"
_PATIENCE = 120.0
# What the reader's image holds under /opt the emulator has elsewhere.
_READER = "from ocr import function\n\nfunction._TESSDATA = {tessdata!r}\nhandler = function.handler\n"


class CannotEmulate(Exception):
    """Something that the AWS home stands on is missing here, or did not start; the message says what to do."""


@dataclass(frozen=True)
class AwsHome:
    """A deployed stack. `environ` are the settings and credentials with which this machine reaches its stores."""

    base_url: str
    endpoint: str
    environ: dict[str, str]
    processes: tuple[int, ...]

    def client(self, service: str) -> Any:
        """A client of the emulated service."""
        return _client(service, self.endpoint)

    def texts(self) -> list[tuple[str, str]]:
        """Telephone and text of every SMS that SNS was given, oldest first."""
        with urllib.request.urlopen(f"{self.endpoint}/_ministack/sns/sms-messages", timeout=10) as answer:  # noqa: S310
            told = json.load(answer)
        return [
            (phone, message["Message"])
            for phone, messages in told["sms_messages"].items()
            for message in messages
        ]


@contextmanager
def aws_home(folder: Path) -> Iterator[AwsHome]:
    """The stack of infra/ with the package built now, working in `folder`; gone at the end. Raises CannotEmulate."""
    python = PYTHON if find_python(PYTHON) else f"{sys.version_info.major}.{sys.version_info.minor}"
    built = CHECKOUT / "build" if python == PYTHON else CHECKOUT / "build" / f"python{python}"
    package(built, _SAMPLE, python)
    tools = environment("emulator", find_python(python) or sys.executable)
    with ExitStack() as stack:
        postgres, search = _postgres(stack), _opensearch(stack)
        served = stack.enter_context(front(built / "static"))
        endpoint, process = _ministack(stack, tools, folder)
        base_url = f"http://127.0.0.1:{served.server_port}"
        parameters = {
            "Stage": STAGE,
            "ReplicaKey": "",
            "DatabaseUrl": f"{postgres.url(postgres.create_database(name='diwan'))}?pool=1",
            "SearchUrl": f"opensearch+http://{search.address}/pages",
        }
        for layer in ("libraries", "typesetter"):
            with zipfile.ZipFile(built / f"{layer}.zip") as packed:
                packed.extractall(folder / "layers" / layer)
        outputs = _deploy(endpoint, built, parameters, base_url, folder / "layers")
        served.origin = f"{endpoint}/_aws/execute-api/{outputs['Api']}/town"
        _deploy_reader(endpoint, built, python)
        environ = _environ(endpoint, parameters, outputs["Blobs"], base_url, folder)
        yield AwsHome(base_url, endpoint, environ, (process.pid, os.getpid()))


def _client(service: str, endpoint: str) -> Any:
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
        config=Config(s3={"addressing_style": "path"}, read_timeout=900, retries={"total_max_attempts": 1}),
    )


def _postgres(stack: ExitStack) -> postgres_server.PostgresServer:
    binaries = postgres_server.binaries()
    if binaries is None:
        raise CannotEmulate(postgres_server.HOW_TO_GET_IT)
    server = postgres_server.PostgresServer(binaries)
    stack.callback(server.stop)
    return server


def _opensearch(stack: ExitStack) -> opensearch_node.OpenSearchNode:
    java, jars = opensearch_node.java(), opensearch_node.jars()
    if java is None or jars is None:
        raise CannotEmulate(opensearch_node.HOW_TO_GET_IT)
    node = opensearch_node.OpenSearchNode(java, jars)
    stack.callback(node.stop)
    return node


def _ministack(stack: ExitStack, tools: Path, folder: Path) -> tuple[str, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    # It listens on every interface unless it is told; its functions run as its children, in its Python.
    env = {
        "PATH": f"{tools}:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }
    log = stack.enter_context((folder / "ministack.log").open("wb"))
    process = subprocess.Popen(
        [tools / "ministack"], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
    )
    stack.callback(_end, process)
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2).close()  # noqa: S310
            return endpoint, process
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                said = (folder / "ministack.log").read_text()[-2000:]
                raise CannotEmulate(f"ministack did not start ({process.poll()}): {said}") from None
            time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """At once and with its functions, which are of its group: nothing of it is kept."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _deploy(
    endpoint: str, built: Path, parameters: dict[str, str], base_url: str, layers: Path
) -> dict[str, str]:
    """What deploy.sh does: code and template into a bucket, the stack from them, the migration; the stack's outputs."""
    s3, formation = _client("s3", endpoint), _client("cloudformation", endpoint)
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
    code = {}
    for name in ("functions.zip", "libraries.zip", "typesetter.zip"):
        s3.upload_file(str(built / name), "artifacts", name)
        code[name] = f"s3://artifacts/{name}"
    variables = {
        "DIWAN_BASE_URL": base_url,
        "DIWAN_BLOBS": {"Fn::Sub": f"s3://${{Blobs}}?endpoint={endpoint}"},
    }
    template = emulated(json.loads((built / "diwan.json").read_text("utf-8")), code, variables, layers)
    s3.put_object(Bucket="artifacts", Key="diwan.json", Body=json.dumps(template).encode())
    formation.create_stack(
        StackName="diwan",
        TemplateURL=f"{endpoint}/artifacts/diwan.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    until = time.monotonic() + _PATIENCE
    while True:
        stack = formation.describe_stacks(StackName="diwan")["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            break
        if not stack["StackStatus"].endswith("_IN_PROGRESS") or time.monotonic() > until:
            events = formation.describe_stack_events(StackName="diwan")["StackEvents"]
            why = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
                for event in events
                if event["ResourceStatus"].endswith("_FAILED")
            ]
            raise CannotEmulate(f"{stack['StackStatus']}: {'; '.join(why)}")
        time.sleep(0.2)
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    migrated = _client("lambda", endpoint).invoke(FunctionName=f"diwan-{STAGE}-migrate", Payload=b"{}")
    if "FunctionError" in migrated:
        raise CannotEmulate(f"the migration failed: {migrated['Payload'].read().decode()[-2000:]}")
    return outputs


def _deploy_reader(endpoint: str, built: Path, python: str) -> None:
    """The reader from the context of its image; what the image would install, the emulator's Python has."""
    archive = built / "reader.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for file in sorted((built / "ocr" / "ocr").rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(built / "ocr"))
        packed.writestr("reader.py", _READER.format(tessdata=str(built / "ocr" / "tessdata")))
    _client("lambda", endpoint).create_function(
        FunctionName=f"diwan-{STAGE}-reader",
        Runtime=f"python{python}",
        Handler="reader.handler",
        Role="arn:aws:iam::000000000000:role/nothing",
        Code={"ZipFile": archive.read_bytes()},
        Timeout=900,
        MemorySize=3008,
    )


def _environ(
    endpoint: str, parameters: dict[str, str], bucket: str, base_url: str, folder: Path
) -> dict[str, str]:
    """What the functions are told, for programs of this machine that look into the same stores."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "DIWAN_DATA": str(folder / "data"),
        "DIWAN_BASE_URL": base_url,
        "DIWAN_DATABASE": parameters["DatabaseUrl"],
        "DIWAN_SEARCH": parameters["SearchUrl"],
        "DIWAN_BLOBS": f"s3://{bucket}?endpoint={endpoint}",
        "DIWAN_SECRET": f"secretsmanager://diwan-{STAGE}-web",
        "DIWAN_JOBS": f"sqs://diwan-{STAGE}",
        "DIWAN_KEYS": f"awskms:///diwan-{STAGE}",
        "DIWAN_MESSAGES": "aws:",
        "DIWAN_OCR": f"lambda://diwan-{STAGE}-reader",
    }
