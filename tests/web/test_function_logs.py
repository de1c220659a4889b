"""What a function of AWS says: every line an object, requests and failures counted by CloudWatch."""

import json
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FUNCTION = """
import json, sys
import app
class Context:
    aws_request_id, function_name, memory_limit_in_mb = "id", "diwan-dev-api", 1024
    def get_remaining_time_in_millis(self): return 29000
def ask(path):
    return app.app({"path": path, "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None,
        "stageVariables": None, "body": None, "isBase64Encoded": False, "requestContext": {
            "requestId": "5c9a2b66-3f5f-4a6e-8f7e-2d1c9f1f0a11", "httpMethod": "GET", "resourcePath": path,
            "path": path, "identity": {"sourceIp": "192.0.2.1"}}}, Context())
print(json.dumps([ask(path)["statusCode"] for path in ("/healthz", "/readyz")]))
app.prompt({"Records": [{"messageId": "m1", "body": "nonsense", "receiptHandle": "r", "attributes": {}}]}, Context())
"""


def test_lines_of_a_function_count_and_carry_the_gateway_s_id(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIWAN_", "OTEL_"))}
    env = {**kept, "DIWAN_DATA": str(tmp_path / "data"), "AWS_LAMBDA_FUNCTION_NAME": "diwan-dev-api"}
    ran = subprocess.run(
        [sys.executable, "-c", FUNCTION], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [200, 503]  # alive; nobody has migrated the database
    lines = [json.loads(line) for line in ran.stderr.splitlines()]
    asked = [line for line in lines if line["message"] == "request"]
    assert [(line["route"], line["Requests"], line["Faults"]) for line in asked] == [
        ("/healthz", 1, 0),
        ("/readyz", 1, 1),
    ]
    assert {line["request_id"] for line in asked} == {"5c9a2b66-3f5f-4a6e-8f7e-2d1c9f1f0a11"}
    for line in asked:
        [told] = line["_aws"]["CloudWatchMetrics"]
        assert {metric["Name"] for metric in told["Metrics"]} == {"Requests", "Faults", "Latency"}
        assert all(isinstance(line[metric["Name"]], (int, float)) for metric in told["Metrics"])
        assert line["FunctionName"] == "diwan-dev-api"
    not_ready = next(line for line in lines if line["message"] == "not ready")
    assert (not_ready["store"], not_ready["reason"]) == ("database", "not-current")
    assert any(line["message"] == "wake-up failed" for line in lines)
