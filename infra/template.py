"""The template of the stack: what Chalice makes of app.py, merged with the fragments in stack/.

`package.py` runs this in a process of its own, for Chalice imports the app it describes.
"""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml

from chalicelib.web.localisation import localisation

CHECKOUT = Path(__file__).resolve().parent.parent
# What API Gateway answers before we are asked, and the sentence of ours that says it.
_GATEWAY = (
    ("MISSING_AUTHENTICATION_TOKEN", 404, "not-found"),
    ("THROTTLED", 429, "too-many"),
    ("DEFAULT_5XX", 503, "unavailable"),
)
_SECTIONS = {"Metadata", "Parameters", "Rules", "Conditions", "Globals", "Resources", "Outputs"}


class FragmentsDisagree(Exception):
    """Two fragments name the same thing, or one has a section that no template has."""


def fragments() -> dict[str, Any]:
    """All of stack/*.yaml as one; each name stands in one fragment only."""
    whole: dict[str, Any] = {}
    for file in sorted((CHECKOUT / "infra" / "stack").glob("*.yaml")):
        for section, named in yaml.safe_load(file.read_text("utf-8")).items():
            if section not in _SECTIONS:
                raise FragmentsDisagree(f"{file.name}: {section}")
            there = whole.setdefault(section, {})
            if twice := set(there) & set(named):
                raise FragmentsDisagree(f"{file.name}: {', '.join(sorted(twice))}")
            there.update(named)
    return whole


def template(python: str) -> dict[str, Any]:
    """Chalice's template of app.py with ours laid over it, for functions on this version of Python."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # asked for, never used: the template has none
    from chalice.cli import cli
    from chalice.config import Config

    # Chalice takes the runtime from the Python it runs on; a test of the package watches this at every upgrade.
    Config.lambda_python_version = property(lambda _: f"python{python}")
    with tempfile.TemporaryDirectory(prefix="diwan-template-") as folder:
        project, laid_over, out = Path(folder, "project"), Path(folder, "stack.json"), Path(folder, "out")
        project.mkdir()
        # Without chalicelib and requirements: Chalice would fetch and zip what package.py has built.
        shutil.copy(CHECKOUT / "app.py", project)
        shutil.copytree(CHECKOUT / ".chalice", project / ".chalice")
        (project / "requirements.txt").touch()
        laid_over.write_text(json.dumps(fragments()))
        os.environ["DIWAN_DATA"] = str(Path(folder, "data"))
        command = [
            "--project-dir",
            str(project),
            "package",
            "--stage",
            "town",
            "--merge-template",
            str(laid_over),
        ]
        cli([*command, str(out)], obj={}, standalone_mode=False)
        text = (out / "sam.json").read_text("utf-8")
    # Requests go to the alias, so that a new version takes them over little by little.
    made: dict[str, Any] = json.loads(
        text.replace("${APIHandler.Arn}/invocations", "${APIHandler.Arn}:live/invocations")
    )
    api = made["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    api.update(gateway_responses())
    # CloudWatch counts by this name: stages of one account must not be counted together.
    api["info"]["title"] = {"Fn::Sub": "diwan-${Stage}"}
    made["Description"] = "Diwan: a municipality's archive and electronic licences"
    return made


def gateway_responses() -> dict[str, Any]:
    """What API Gateway answers by itself: for a path nobody knows it would say 403, and say it in its own words."""
    say = localisation(CHECKOUT / "templates" / "locale", "ar", "UTC").text
    answers = {}
    for kind, status, code in _GATEWAY:
        title, detail = say(f"error-{code}-title"), say(f"error-{code}-text")
        problem = {"type": "about:blank", "title": title, "code": code, "detail": detail}
        page = f'<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>{title}</title><p>{detail}'
        answers[kind] = {
            "statusCode": status,
            "responseTemplates": {
                "application/json": json.dumps(problem, ensure_ascii=False),
                "text/html": page,
            },
            "responseParameters": {"gatewayresponse.header.Cache-Control": "'no-store'"},
        }
    return {"x-amazon-apigateway-gateway-responses": answers}


def main() -> None:
    """Write `diwan.json`, and beside it the templates that are deployed to other regions."""
    parser = argparse.ArgumentParser(prog="python -m infra.template")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--python", required=True)
    asked = parser.parse_args()
    out: Path = asked.out.absolute()  # Chalice goes elsewhere and does not come back
    (out / "diwan.json").write_text(json.dumps(template(asked.python), indent=1, ensure_ascii=False))
    for name in ("edge", "replica"):
        other = yaml.safe_load((CHECKOUT / "infra" / f"{name}.yaml").read_text("utf-8"))
        (out / f"{name}.json").write_text(json.dumps(other, indent=1, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
