"""The stack as the emulator can make it: the same functions, layers, API, queues, buckets, keys and roles.

What is left out has no meaning on one machine, or no emulation (README.md says which and why).
"""

import copy
import os
from pathlib import Path
from typing import Any

# No network, firewall, backup, budget or shifting of traffic here; the reader is made apart, without an image.
_LEFT_OUT = (
    "AWS::EC2::",
    "AWS::WAFv2::",
    "AWS::Backup::",
    "AWS::Budgets::",
    "AWS::RDS::",
    "AWS::OpenSearchService::",
)
_LEFT_OUT_WITH_THEM = {
    *(
        "FlowLogGroup",
        "FlowLogRole",
        "BackupRole",
        "MonitoringRole",
        "UseDatabase",
        "BeforeTraffic",
        "BeforeTrafficRole",
    ),
    "JobsDead",  # an alarm over a sum, which the emulator does not know
}


def emulated(
    template: dict[str, Any], code: dict[str, str], variables: dict[str, Any], layers: Path
) -> dict[str, Any]:
    """A copy of `template` without those, its code at the URIs of `code`, its functions' settings with `variables`.

    Layers are read where they were unpacked once, under `layers`; the emulator would unpack them for each process anew.
    """
    made = copy.deepcopy(template)
    resources = made["Resources"]
    gone = {name for name, resource in resources.items() if resource["Type"].startswith(_LEFT_OUT)}
    gone |= _LEFT_OUT_WITH_THEM & set(resources)
    made["Resources"] = {name: resource for name, resource in resources.items() if name not in gone}
    made["Outputs"] = {"Api": {"Value": {"Ref": "RestAPI"}}, "Blobs": {"Value": {"Ref": "Blobs"}}}
    shared = made["Globals"]["Function"]
    del shared["VpcConfig"], shared["DeploymentPreference"]
    shared["Environment"]["Variables"].update(variables, PYTHONPATH=_path(layers, shared.pop("Layers")))
    for resource in made["Resources"].values():
        properties = resource.get("Properties", {})
        for uri in ("CodeUri", "ContentUri"):
            if uri in properties:
                properties[uri] = code[properties[uri]]
        if resource["Type"] == "AWS::IAM::Role" and "ManagedPolicyArns" in properties:
            properties["ManagedPolicyArns"] = [
                arn for arn in properties["ManagedPolicyArns"] if "Fn::If" not in arn
            ]
        properties.pop("DeploymentPreference", None)
        if own := properties.pop("Layers", None):
            path = _path(layers, [{"Ref": "Libraries"}, *own])
            properties["Environment"] = {"Variables": {"PYTHONPATH": path}}
    # In AWS each function has processors of its own; here they share these few, and each is unpacked anew.
    for resource in made["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "SQS":
                event["Properties"]["ScalingConfig"] = {"MaximumConcurrency": 2}
    return made


def _path(layers: Path, named: list[dict[str, str]]) -> str:
    return os.pathsep.join(str(layers / layer["Ref"].lower() / "python") for layer in named)
