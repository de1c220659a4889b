"""What is deployed, read as people would: nothing that linters object to, no right too many, nothing left unwatched."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.adapters import by_url
from chalicelib.adapters.aws import opensearch_client
from chalicelib.adapters.aws.bedrock_jobs import ANSWER, FOLDER, PICTURE
from chalicelib.adapters.aws.bedrock_reader import _PATIENCE
from chalicelib.adapters.aws.opensearch_client import _WRITING
from chalicelib.adapters.by_url import _MODEL_PATIENCE
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.bootstrap import build
from chalicelib.identity.permissions import Permission
from chalicelib.jobs.arrivals import file_arrivals
from chalicelib.jobs.lanes import LANES
from chalicelib.ports.keys import PURPOSES
from chalicelib.settings import read_settings
from chalicelib.web.application import all_routes
from infra.lint import lint
from infra.package import CHECKOUT, PYTHON
from infra.template import FragmentsDisagree, fragments

STACK = CHECKOUT / "infra" / "stack"
COMPOSE = CHECKOUT / "infra" / "compose"
STAGES = ("dev", "staging", "production")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the templates as they are deployed."""
    out = tmp_path_factory.mktemp("templates")
    command = [sys.executable, "-m", "infra.template", "--out", str(out), "--python", PYTHON]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    return out


@pytest.fixture(scope="session")
def stack(templates: Path) -> dict[str, Any]:
    return json.loads((templates / "diwan.json").read_text("utf-8"))


def resources(stack: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: found for name, found in stack["Resources"].items() if found["Type"] == kind}


def statements(stack: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy that roles have."""
    for name, role in resources(stack, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
    shared = resources(stack, "AWS::IAM::ManagedPolicy") | resources(stack, "AWS::IAM::Policy")
    for name, policy in shared.items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.slow
def test_linters_have_nothing_to_say(templates: Path) -> None:
    assert lint(templates) == 0


def test_two_fragments_cannot_name_the_same_thing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "infra" / "stack").mkdir(parents=True)
    for name in ("one", "two"):
        (tmp_path / "infra" / "stack" / f"{name}.yaml").write_text(
            "Resources: {Same: {Type: 'AWS::SQS::Queue'}}"
        )
    monkeypatch.setattr("infra.template.CHECKOUT", tmp_path)
    with pytest.raises(FragmentsDisagree, match="Same"):
        fragments()


def test_every_exception_to_a_rule_has_its_reason() -> None:
    for file in [*STACK.glob("*.yaml"), *(CHECKOUT / "infra").glob("*.yaml")]:
        for name, resource in yaml.safe_load(file.read_text("utf-8")).get("Resources", {}).items():
            for skipped in resource.get("Metadata", {}).get("checkov", {}).get("skip", ()):
                assert len(skipped.get("comment", "")) > 15, (file.name, name, skipped)


def test_each_function_has_a_role_of_its_own(stack: dict[str, Any]) -> None:
    functions = resources(stack, "AWS::Serverless::Function") | resources(stack, "AWS::Lambda::Function")
    roles = [json.dumps(function["Properties"]["Role"]) for function in functions.values()]
    assert len(functions) >= 8
    assert len(set(roles)) == len(roles)
    assert all("Fn::GetAtt" in role for role in roles)


def test_rights_name_what_they_are_for(stack: dict[str, Any]) -> None:
    """A whole service is given once, to indexing; everything is given only where AWS has no name for it."""
    nameless = re.compile(r"ec2:|xray:|sns:Publish$")
    for name, statement in statements(stack):
        if statement["Effect"] == "Allow":
            actions = listed(statement["Action"])
            assert "*" not in actions, name
            assert not [action for action in actions if action.endswith(":*")], name
            if "*" in listed(statement["Resource"]):
                assert all(nameless.match(action) for action in actions), (name, actions)


# Operations whose right has another name than theirs.
RIGHTS = {
    "s3.head_object": "s3:GetObject",
    "s3.copy_object": "s3:PutObject",
    "s3.upload_fileobj": "s3:PutObject",
    "s3.get_paginator": "s3:ListBucket",
    "sqs.send_message_batch": "sqs:SendMessage",
    "sqs.delete_message_batch": "sqs:DeleteMessage",
    "lambda.invoke": "lambda:InvokeFunction",
    "bedrock.converse": "bedrock:InvokeModel",
}


def test_what_adapters_ask_of_aws_is_granted_to_somebody(stack: dict[str, Any]) -> None:
    """The emulator enforces no rights: a call that nobody may make would be seen in an account only."""
    asked = {
        RIGHTS.get(f"{service}.{operation}", f"{service}:{operation.title().replace('_', '')}")
        for file in (CHECKOUT / "chalicelib" / "adapters" / "aws").glob("*.py")
        for service, operation in re.findall(
            r"self\._(s3|kms|sns|ses|sqs|lambda|bedrock)\.([a-z_]+)[(,]", file.read_text("utf-8")
        )
        if operation != "generate_presigned_url"
    }
    granted = {action for _, statement in statements(stack) for action in listed(statement.get("Action", []))}
    assert {"s3:PutObject", "kms:Sign", "sqs:SendMessage", "ses:SendEmail", "bedrock:InvokeModel"} <= asked
    assert sorted(asked - granted) == []
    through = stack["Resources"]["ToS3"]["Properties"]["PolicyDocument"]["Statement"][0]["Action"]
    assert sorted({action for action in asked if action.startswith("s3:")} - set(through)) == []


def test_the_quota_to_ask_for_holds_what_the_stack_reserves(stack: dict[str, Any]) -> None:
    functions = [found["Properties"] for found in stack["Resources"].values() if "Function" in found["Type"]]
    reserved = sum(each.get("ReservedConcurrentExecutions", 0) for each in functions)
    told = " ".join((CHECKOUT / "infra" / "README.md").read_text("utf-8").split())
    assert reserved and f"A stage reserves {reserved} (" in told
    assert f"under {reserved + 100} the stack is not made" in told  # AWS keeps 100 that nobody may reserve


# Rights that S3 asks for beside the operation's own: for a lock told or set, and for parts left behind.
BESIDES = {"s3:GetObjectRetention", "s3:PutObjectRetention", "s3:AbortMultipartUpload"}


def test_blobs_are_opened_to_what_is_asked_of_them_and_no_more(stack: dict[str, Any]) -> None:
    source = (CHECKOUT / "chalicelib" / "adapters" / "aws" / "s3_blobs.py").read_text("utf-8")
    asked = {
        RIGHTS.get(f"s3.{operation}", f"s3:{operation.title().replace('_', '')}")
        for operation in re.findall(r"self\._(?:s3|copier)\.([a-z_]+)", source)
    }
    granted = {a for name, s in statements(stack) if name == "UseBlobs" for a in listed(s["Action"])}
    assert granted == asked | BESIDES


def test_letters_may_be_sent_whole_and_by_the_set_that_tells_of_them(stack: dict[str, Any]) -> None:
    """SES judges each by itself: the sender, the configuration set, and `SendRawEmail` for what comes with headers."""
    asked = stack["Globals"]["Function"]["Environment"]["Variables"]["DIWAN_MESSAGES"]["Fn::Sub"]
    named = asked.partition("configuration-set=")[2]
    [letters] = [
        statement
        for name, statement in statements(stack)
        if name == "PromptRole" and "ses:SendEmail" in listed(statement["Action"])
    ]
    assert set(listed(letters["Action"])) == {"ses:SendEmail", "ses:SendRawEmail"}
    given = [resource["Fn::Sub"].rpartition(":")[2] for resource in listed(letters["Resource"])]
    assert given == ["identity/*", f"configuration-set/{named}"]


def test_texts_go_to_telephones_and_to_no_topic(stack: dict[str, Any]) -> None:
    """IAM takes a condition on what SNS does not tell for fulfilled: a topic is shut out by name."""
    told = [(n, s) for n, s in statements(stack) if "sns:Publish" in listed(s.get("Action", []))]
    assert {name for name, _ in told} == {"PromptRole"}
    assert [(s["Effect"], s["Resource"]) for _, s in told] == [
        ("Allow", "*"), ("Deny", {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}),
    ]  # fmt: skip
    assert all("Condition" not in statement for _, statement in told)


def test_only_a_deployment_may_sign_as_the_root(stack: dict[str, Any]) -> None:
    signers = {
        name
        for name, statement in statements(stack)
        if "kms:Sign" in listed(statement.get("Action", []))
        and "IssuerKey" in json.dumps(statement["Resource"])
    }
    assert signers == {"MigrateRole"}


def test_the_reader_of_scans_has_no_rights(stack: dict[str, Any]) -> None:
    reader = stack["Resources"]["Reader"]["Properties"]
    assert reader["Role"] == {"Fn::GetAtt": ["ReaderRole", "Arn"]}
    assert "Environment" not in reader
    role = stack["Resources"]["ReaderRole"]["Properties"]
    assert "ManagedPolicyArns" not in role
    denied = [s for s in role["Policies"][0]["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
    assert denied[0]["NotAction"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    isolated = {subnet["Ref"] for subnet in reader["VpcConfig"]["SubnetIds"]}
    routes = resources(stack, "AWS::EC2::Route").values()
    assert "IsolatedRoutes" not in json.dumps([route["Properties"] for route in routes])
    assert isolated == {"Isolated1", "Isolated2"}


def test_pages_are_shown_to_a_model_only_where_a_stage_names_one(stack: dict[str, Any]) -> None:
    for stage in STAGES:
        given = json.loads((CHECKOUT / "infra" / "parameters" / f"{stage}.json").read_text("utf-8"))
        assert "OutsideModel=" in given
    assert stack["Parameters"]["OutsideModel"]["Default"] == ""
    assert stack["Conditions"]["ReadsOutside"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "OutsideModel"}, ""]}]}
    for name in ("Outside", "PicturesArrive", "OutsideRole", "OutsidePolicy"):
        assert stack["Resources"][name]["Condition"] == "ReadsOutside"
    told = stack["Globals"]["Function"]["Environment"]["Variables"]["DIWAN_OUTSIDE_READER"]
    assert (told["Fn::If"][0], told["Fn::If"][2]) == ("ReadsOutside", "")


def test_the_function_that_asks_a_model_has_one_prefix_and_one_model(stack: dict[str, Any]) -> None:
    function = stack["Resources"]["Outside"]
    assert function["IgnoreGlobals"] == "*"
    assert set(function["Properties"]["Environment"]["Variables"]) == {"DIWAN_OUTSIDE_READER"}
    module, _, name = function["Properties"]["Handler"].rpartition(".")
    assert callable(getattr(import_module(module), name))
    assert set(stack["Resources"]["OutsideRole"]["Properties"]) == {"AssumeRolePolicyDocument"}
    rights = {
        action: statement["Resource"]
        for name, statement in statements(stack)
        if name == "OutsidePolicy"
        for action in listed(statement["Action"])
    }
    assert set(rights) == {
        "s3:GetObject", "s3:PutObject", "bedrock:InvokeModel", "kms:Decrypt", "kms:GenerateDataKey",
        "logs:CreateLogStream", "logs:PutLogEvents",
    }  # fmt: skip
    assert rights["s3:GetObject"] == {"Fn::Sub": f"${{Blobs.Arn}}/{FOLDER}/*/{PICTURE}"}
    assert rights["s3:PutObject"] == {"Fn::Sub": f"${{Blobs.Arn}}/{FOLDER}/*/{ANSWER}"}
    assert rights["bedrock:InvokeModel"]["Fn::Sub"].endswith("foundation-model/${OutsideModel}")
    blobs = stack["Resources"]["Blobs"]["Properties"]
    (told,) = blobs["NotificationConfiguration"]["LambdaConfigurations"]["Fn::If"][1]
    wanted = {rule["Name"]: rule["Value"] for rule in told["Filter"]["S3Key"]["Rules"]}
    assert wanted == {"prefix": f"{FOLDER}/", "suffix": f"/{PICTURE}"}
    cleared = [
        rule["Prefix"] for rule in blobs["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule
    ]
    assert any(FOLDER.startswith(prefix) for prefix in cleared)
    # Two tries of the model end before the function, and its worker waits for a second start of it.
    tries = _PATIENCE.retries["total_max_attempts"]
    assert tries * _PATIENCE.read_timeout < function["Properties"]["Timeout"] <= _MODEL_PATIENCE


def test_staff_have_a_directory_only_where_a_stage_names_one(stack: dict[str, Any]) -> None:
    assert stack["Parameters"]["StaffDirectory"]["Default"] == "none"
    functions = resources(stack, "AWS::Serverless::Function")
    told = {
        name
        for name, found in functions.items()
        if "DIWAN_STAFF_DIRECTORY" in json.dumps(found["Properties"])
    }
    assert told == {"APIHandler"}
    assert "DIWAN_STAFF_DIRECTORY" not in json.dumps(stack["Globals"])
    pool, (last, own, nobody) = _choices(stack, "DIWAN_STAFF_DIRECTORY")
    assert (last, nobody) == ("HasStaffDirectory", "")
    for url in (pool, own):
        # As settings understand it, once CloudFormation has filled it in.
        told_url = re.sub(r"\$\{[\w:]+\}", "x", url["Fn::Sub"]).replace("+x?", "+https://login.example?")
        assert by_url.staff_directory_at(told_url, "https://town.example/staff/sign-in", SystemClock())


def _choices(stack: dict[str, Any], variable: str) -> tuple[dict[str, str], list[Any]]:
    told = stack["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"][variable]["Fn::If"]
    assert told[0] == "MakesStaffDirectory"
    return told[1], told[2]["Fn::If"]


def test_cognito_leads_back_to_the_pages_that_there_are(stack: dict[str, Any]) -> None:
    client = stack["Resources"]["StaffClient"]["Properties"]
    routes = {route.path for route in all_routes() if route.permission is Permission.PUBLIC}
    back, home = client["CallbackURLs"][0]["Fn::Sub"], client["LogoutURLs"][0]["Fn::Sub"]
    assert {url.removeprefix("https://${Domain}") for url in (back, home)} <= routes
    assert back == f"{home}/return"
    assert (client["AllowedOAuthFlows"], client["GenerateSecret"]) == (["code"], True)
    assert stack["Resources"]["StaffPool"]["Properties"]["MfaConfiguration"] == "ON"
    # Who could write an address could take a colleague's.
    assert not {"email", "email_verified"} & set(client["WriteAttributes"])
    for name in ("StaffPool", "StaffDomain", "StaffClient", "StaffClientSecret"):
        assert stack["Resources"][name]["Condition"] == "MakesStaffDirectory"


def test_only_the_pages_read_the_secret_of_the_directory(stack: dict[str, Any]) -> None:
    readers = [
        (name, statement["Action"])
        for name, statement in statements(stack)
        if "Staff" in json.dumps(statement.get("Resource", ""))
    ]
    assert readers == [("ReadStaffSecret", "secretsmanager:GetSecretValue")]
    policy = stack["Resources"]["ReadStaffSecret"]
    assert (policy["Condition"], policy["Properties"]["Roles"]) == (
        "HasStaffDirectory",
        [{"Ref": "APIHandlerRole"}],
    )
    kept = stack["Resources"]["StaffClientSecret"]["Properties"]["Name"]["Fn::Sub"]
    assert _choices(stack, "DIWAN_STAFF_DIRECTORY")[0]["Fn::Sub"].endswith(f"&secret=secretsmanager://{kept}")


def test_every_lane_has_a_queue_a_function_and_a_place_for_what_failed(stack: dict[str, Any]) -> None:
    for lane in (*LANES, "arrivals"):
        queue = stack["Resources"][f"{lane.title()}Queue"]["Properties"]
        function = stack["Resources"][lane.title()]["Properties"]
        event = next(iter(function["Events"].values()))["Properties"]
        assert queue["QueueName"] == {"Fn::Sub": f"diwan-${{Stage}}-{lane}"}
        assert event["Queue"] == {"Fn::Sub": f"${{{lane.title()}Queue.Arn}}"}
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{lane.title()}Dead", "Arn"]}
        watched = json.dumps(resources(stack, "AWS::CloudWatch::Alarm"))
        assert f'["{lane.title()}Dead", "QueueName"]' in watched
    assert callable(file_arrivals)


def test_the_indexing_function_outlives_an_index_that_is_silent(stack: dict[str, Any]) -> None:
    """Else its job is never told to have failed, and ends as if its worker had been killed by it."""
    tries = (len(_WRITING) + 1) * opensearch_client._PATIENCE[_WRITING]
    assert stack["Resources"]["Prompt"]["Properties"]["Timeout"] > tries + 1.5 * sum(_WRITING)


def test_only_issuing_has_the_typesetter(stack: dict[str, Any]) -> None:
    functions = resources(stack, "AWS::Serverless::Function")
    with_typesetter = {
        name for name, found in functions.items() if "Typesetter" in json.dumps(found["Properties"])
    }
    assert with_typesetter == {"Issuing"}
    assert stack["Globals"]["Function"]["Layers"] == [{"Ref": "Libraries"}]


def test_requests_go_to_the_alias_and_the_schema_grows_before_they_do(stack: dict[str, Any]) -> None:
    body = json.dumps(stack["Resources"]["RestAPI"]["Properties"]["DefinitionBody"])
    assert "${APIHandler.Arn}:live/invocations" in body
    assert "${APIHandler.Arn}/invocations" not in body
    shared = stack["Globals"]["Function"]
    assert shared["AutoPublishAlias"] == "live"
    assert shared["DeploymentPreference"]["Hooks"] == {"PreTraffic": {"Ref": "BeforeTraffic"}}
    hook = stack["Resources"]["BeforeTraffic"]["Properties"]
    assert hook["FunctionName"]["Fn::Sub"].startswith("CodeDeployHook_")
    compile(hook["Code"]["ZipFile"], "hook", "exec")


def test_whatever_changes_of_a_function_reaches_its_traffic(stack: dict[str, Any]) -> None:
    """SAM moves an alias for new code only, unless it is told to look at the rest, and layers tell it, too."""
    functions = resources(stack, "AWS::Serverless::Function")
    behind_an_alias = {name for name, found in functions.items() if "IgnoreGlobals" not in found}
    assert len(behind_an_alias) == 7
    for name in behind_an_alias:
        assert functions[name]["Properties"]["AutoPublishAliasAllProperties"] is True, name
        assert functions[name].get("DependsOn") == (None if name == "Migrate" else ["Migrate"]), name
    layers = resources(stack, "AWS::Serverless::LayerVersion")
    assert [layer["Properties"]["PublishLambdaVersion"] for layer in layers.values()] == [True, True]


def test_an_unknown_path_is_answered_in_our_words(stack: dict[str, Any]) -> None:
    answers = stack["Resources"]["RestAPI"]["Properties"]["DefinitionBody"][
        "x-amazon-apigateway-gateway-responses"
    ]
    unknown = answers["MISSING_AUTHENTICATION_TOKEN"]
    assert unknown["statusCode"] == 404
    assert json.loads(unknown["responseTemplates"]["application/json"])["title"] == "لم نجد هذه الصفحة"


def test_every_signing_key_has_the_alias_the_program_asks_for(stack: dict[str, Any]) -> None:
    aliases = {
        alias["Properties"]["AliasName"]["Fn::Sub"] for alias in resources(stack, "AWS::KMS::Alias").values()
    }
    assert {f"alias/diwan-${{Stage}}-{purpose}" for purpose in PURPOSES} <= aliases
    for key in resources(stack, "AWS::KMS::Key").values():
        signs = key["Properties"].get("KeyUsage") == "SIGN_VERIFY"
        assert signs == (key["Properties"].get("KeySpec") == "ECC_NIST_P256")
        assert signs or key["Properties"]["EnableKeyRotation"] is True


def test_what_the_functions_are_told_is_what_settings_understand(
    stack: dict[str, Any], tmp_path: Path
) -> None:
    told = stack["Globals"]["Function"]["Environment"]["Variables"]
    source = (CHECKOUT / "chalicelib" / "settings.py").read_text("utf-8")
    assert [name for name in told if f'"{name}"' not in source] == []
    assert {
        "DIWAN_DATABASE",
        "DIWAN_BLOBS",
        "DIWAN_SEARCH",
        "DIWAN_JOBS",
        "DIWAN_KEYS",
        "DIWAN_SECRET",
    } <= set(told)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_one_file_of_known_parameters(stage: str, stack: dict[str, Any]) -> None:
    given = dict(
        line.split("=", 1)
        for line in json.loads((CHECKOUT / "infra" / "parameters" / f"{stage}.json").read_text("utf-8"))
    )
    assert given["Stage"] == stage
    assert set(given) <= set(stack["Parameters"])
    for name, value in given.items():
        allowed = stack["Parameters"][name].get("AllowedValues")
        assert allowed is None or value in map(str, allowed), (name, value)
        assert float(value) >= least if (least := stack["Parameters"][name].get("MinValue")) else True, name
    known = {"Domain", "ReaderImage", "ReplicaBucket", "ReplicaKey"}  # deploy.sh finds these out
    missing = (
        {name for name, asked in stack["Parameters"].items() if "Default" not in asked} - set(given) - known
    )
    assert missing == set()
    deploy = (CHECKOUT / "infra" / "deploy.sh").read_text("utf-8")
    assert [name for name in known if f"{name}=" not in deploy] == []


def test_the_deployment_script_is_sound() -> None:
    script = CHECKOUT / "infra" / "deploy.sh"
    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", str(script)], check=True)
    asked = subprocess.run([str(script)], capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "STAGE MUNICIPALITY.json DOMAIN HOSTED-ZONE-ID" in asked.stderr


def test_what_new_pages_link_to_is_there_before_they_are() -> None:
    """Browsers keep it for a year by its fingerprint: an old file under a new one would stay."""
    script = (CHECKOUT / "infra" / "deploy.sh").read_text("utf-8")
    before, _, after = script.partition('deploy "diwan-$stage" "$build/packaged.json"')
    copied = 'aws s3 sync "$build/static"'
    assert [line for line in before.splitlines() if copied in line and "--delete" not in line]
    assert [line for line in after.splitlines() if copied in line and "--delete" in line]


def test_every_alarm_names_its_runbook(stack: dict[str, Any]) -> None:
    for name, alarm in resources(stack, "AWS::CloudWatch::Alarm").items():
        assert re.search(r"Runbook: docs/runbooks/[a-z-]+\.md$", alarm["Properties"]["AlarmDescription"]), (
            name
        )
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}], name


def test_stages_of_one_account_are_counted_apart(stack: dict[str, Any]) -> None:
    """API Gateway's figures go by the name of the API alone."""
    api = stack["Resources"]["RestAPI"]["Properties"]
    named = {"ApiName": api["DefinitionBody"]["info"]["title"], "Stage": api["StageName"]}
    assert named["ApiName"] == {"Fn::Sub": "diwan-${Stage}"}
    watching = [
        alarm["Properties"]
        for alarm in resources(stack, "AWS::CloudWatch::Alarm").values()
        if alarm["Properties"].get("Namespace") == "AWS/ApiGateway"
    ]
    assert len(watching) >= 3
    for alarm in watching:
        assert {one["Name"]: one["Value"] for one in alarm["Dimensions"]} == named
    drawn = stack["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(r'"ApiName", "([^"]+)"', drawn)) == {named["ApiName"]["Fn::Sub"]}


def test_the_database_logs_no_values(stack: dict[str, Any]) -> None:
    """PostgreSQL writes what was bound to a slow statement, and the row that broke a rule, unless it is told not to."""
    told = stack["Resources"]["DatabaseParameters"]["Properties"]["Parameters"]
    assert told["log_parameter_max_length"] == "0"
    assert told["log_error_verbosity"] == "terse"


def test_a_new_version_is_judged_by_its_answers(stack: dict[str, Any]) -> None:
    """A fault is answered with a page, so Lambda counts no error of it."""
    judges = stack["Globals"]["Function"]["DeploymentPreference"]["Alarms"]
    assert judges == [{"Ref": "NewVersionFails"}]
    alarm = stack["Resources"]["NewVersionFails"]["Properties"]
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "5XXError")


def test_a_full_index_is_told_before_it_refuses_to_be_written(stack: dict[str, Any]) -> None:
    """OpenSearch Service refuses below a fifth of a node's disk or 20 GiB, whichever is less."""
    alarm = stack["Resources"]["SearchFull"]["Properties"]
    [told] = [metric for metric in alarm["Metrics"] if metric.get("ReturnData", True)]
    for stage in STAGES:
        given = json.loads((CHECKOUT / "infra" / "parameters" / f"{stage}.json").read_text("utf-8"))
        size = int(next(line for line in given if line.startswith("SearchGigabytes=")).partition("=")[2])
        refused_below = min(size / 5, 20) * 1024  # MiB, as FreeStorageSpace counts
        share = told["Expression"]["Fn::Sub"].replace("${SearchGigabytes}", str(size))
        at_the_alarm = eval(share, {}, {"free": refused_below * 1.2})
        assert alarm["ComparisonOperator"] == "LessThanThreshold"
        assert at_the_alarm < alarm["Threshold"], stage


def test_the_compose_file_has_what_a_town_needs() -> None:
    services = yaml.safe_load((COMPOSE / "compose.yaml").read_text("utf-8"))["services"]
    assert {"web", "worker", "migrate", "database", "search", "files"} == set(services)
    assert services["worker"]["deploy"]["replicas"] == 2
    for name, service in services.items():
        assert not [port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")], name
        for needed in service.get("depends_on", {}):
            assert needed in services
        assert service["image"].count(":") == (name in ("database", "search", "files"))
    dockerfile = (COMPOSE / "Dockerfile").read_text("utf-8")
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        assert all((CHECKOUT / source).exists() for source in copied.split()), copied


def test_the_compose_settings_choose_stores_that_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (COMPOSE / "diwan.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    source = (CHECKOUT / "chalicelib" / "settings.py").read_text("utf-8")
    assert [name for name in given if f'"{name}"' not in source] == []
    # On this machine: the same stores, but for folders that the containers have.
    here = {
        name: value.replace("/data/", f"{tmp_path}/").replace("/diwan/samples", str(CHECKOUT / "samples"))
        for name, value in given.items()
    }
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    diwan = build(read_settings({**here, "DIWAN_DATA": str(tmp_path)}))
    kinds = {type(part).__name__ for part in (diwan.blobs, diwan.search, diwan.ocr, diwan.keys)}
    assert kinds == {"S3Blobs", "OpenSearchSearch", "SubprocessOcr", "KeyFile"}
    assert not diwan.settings.one_worker
    assert diwan.blobs.origin == "http://localhost:8333"
    diwan.close()
