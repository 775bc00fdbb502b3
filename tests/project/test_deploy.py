"""The deploy files agree with each other and with the gateway. No container engine is needed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.policy.load import load_all
from tests.project.tree import ROOT, variables

DEPLOY = ROOT / "deploy"
MOST_EXPOSED = 2.0
"""Of `systemd-analyze security`: 0 is closed, 10 open."""


def documents(name: str) -> list[Any]:
    """The YAML documents of one file under deploy/."""
    return [part for part in yaml.safe_load_all((DEPLOY / name).read_text()) if part is not None]


def objects() -> dict[tuple[str, str], Any]:
    """Every Kubernetes object by kind and name."""
    listed = documents("kubernetes/kustomization.yaml")[0]["resources"]
    files = sorted(
        path.name
        for path in (DEPLOY / "kubernetes").glob("*.yaml")
        if path.name != "kustomization.yaml"
    )
    assert sorted(listed) == files, "kustomization.yaml does not list every file"
    return {
        (found["kind"], found["metadata"]["name"]): found
        for name in files
        for found in documents(f"kubernetes/{name}")
    }


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest) with continued lines joined."""
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in kept]


def image_environment() -> dict[str, str]:
    """What the image sets."""
    pairs = [rest for word, rest in instructions() if word == "ENV"]
    return dict(pair.split("=", 1) for rest in pairs for pair in rest.split())


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last USER is a number other than 0, so that Kubernetes can see that it is not root."""
    users = [rest for word, rest in instructions() if word == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
    container = pod()["containers"][0]
    assert users[-1] == "{runAsUser}:{runAsGroup}".format(**pod()["securityContext"])
    assert container["image"].startswith("noisegate:")


def test_the_image_is_built_from_files_that_exist() -> None:
    """Each COPY from the repository names something that is there and is not ignored."""
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    copied = [rest.split() for word, rest in instructions() if word == "COPY" and "--" not in rest]
    assert copied
    for *sources, _ in copied:
        for source in sources:
            assert (ROOT / source).exists(), source
            assert f"!{source}" in ignored, source


def test_base_images_are_named_by_version() -> None:
    """No `latest`, and the Python is one that the package supports."""
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert bases
    assert all(re.fullmatch(r"python:3\.1[1-4]-slim-\w+", base) for base in bases)


def test_the_image_has_a_health_check_on_the_port_it_listens_to() -> None:
    """Health check, EXPOSE and NOISEGATE_HTTP agree."""
    port = image_environment()["NOISEGATE_HTTP"].rsplit(":", 1)[1]
    said = dict(instructions())
    assert said["EXPOSE"] == port
    assert f":{port}/healthz" in said["HEALTHCHECK"]


def test_settings_are_ones_that_the_gateway_reads() -> None:
    """No deploy file sets a variable that nothing looks at."""
    env_file = (DEPLOY / "systemd" / "noisegate.env").read_text()
    container = pod()["containers"][0]
    named = (
        {name for name in image_environment() if name.startswith("NOISEGATE_")}
        | {entry["name"] for entry in container["env"]}
        | set(re.findall(r"^(NOISEGATE_\w+)=", env_file, re.MULTILINE))
    )
    assert {"NOISEGATE_POLICIES", "NOISEGATE_LEDGER", "NOISEGATE_HTTP"} <= named
    assert named <= variables()


def pod() -> dict[str, Any]:
    """The specification of the deployment's pod."""
    found: dict[str, Any] = objects()["Deployment", "noisegate"]["spec"]["template"]["spec"]
    return found


def test_the_pod_is_locked_down() -> None:
    """What the restricted profile asks for, and a read-only root."""
    container = pod()["containers"][0]
    secured = container["securityContext"]
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False
    assert secured["readOnlyRootFilesystem"] is True
    assert secured["allowPrivilegeEscalation"] is False
    assert secured["capabilities"] == {"drop": ["ALL"]}


def test_probes_ask_paths_that_exist() -> None:
    """Liveness never depends on the database; readiness does."""
    container = pod()["containers"][0]
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}


def test_mounts_volumes_and_claims_agree() -> None:
    """Each mount has its volume, each volume its source; only ledger and scratch are written."""
    container = pod()["containers"][0]
    volumes = {volume["name"]: volume for volume in pod()["volumes"]}
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    assert mounts.keys() == volumes.keys()
    assert {name for name, mount in mounts.items() if not mount.get("readOnly")} == {
        "ledger",
        "scratch",
    }
    for volume in volumes.values():
        if claim := volume.get("persistentVolumeClaim"):
            assert ("PersistentVolumeClaim", claim["claimName"]) in objects()
        if config := volume.get("configMap"):
            assert ("ConfigMap", config["name"]) in objects()
    environment = {entry["name"]: entry["value"] for entry in container["env"]}
    assert environment["NOISEGATE_POLICIES"] == mounts["policies"]["mountPath"]
    ledger = environment["NOISEGATE_LEDGER"].removeprefix("sqlite:///")
    assert Path(ledger).parent == Path(mounts["ledger"]["mountPath"])


def test_one_process_writes_the_ledger() -> None:
    """One replica, and the old one is gone before the new one starts."""
    deployment = objects()["Deployment", "noisegate"]["spec"]
    assert deployment["replicas"] == 1
    assert deployment["strategy"] == {"type": "Recreate"}


def test_service_and_network_policy_meet_the_pod() -> None:
    """Selectors match the pod's labels; both speak of its port by name; nothing may go out."""
    deployment = objects()["Deployment", "noisegate"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    network = objects()["NetworkPolicy", "noisegate"]["spec"]
    service = objects()["Service", "noisegate"]["spec"]
    assert deployment["selector"]["matchLabels"].items() <= labels.items()
    assert service["selector"].items() <= labels.items()
    assert network["podSelector"]["matchLabels"].items() <= labels.items()
    assert set(network["policyTypes"]) == {"Ingress", "Egress"}
    assert network["egress"] == []
    ports = {port["name"] for port in pod()["containers"][0]["ports"]}
    assert {port["targetPort"] for port in service["ports"]} <= ports
    assert {port["port"] for rule in network["ingress"] for port in rule["ports"]} <= ports


def test_compose_is_locked_down() -> None:
    """Read-only root, no capability, reachable from this machine only; volumes are declared."""
    compose = documents("compose.yaml")[0]
    service = compose["services"]["gateway"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()
    written = [mount for mount in service["volumes"] if not mount.endswith(":ro")]
    assert [mount.split(":")[0] for mount in written] == list(compose["volumes"])


def test_the_policy_in_the_config_map_is_valid(tmp_path: Path) -> None:
    """It passes the reader, reads from the mounted volume, and caps everyone."""
    data = objects()["ConfigMap", "noisegate-policies"]["data"]
    mounts = {mount["name"]: mount["mountPath"] for mount in pod()["containers"][0]["volumeMounts"]}
    assert data
    for name, text in data.items():
        (tmp_path / name).write_text(text)
    for policy in load_all(tmp_path, {}):
        assert policy.engine.database is not None
        assert Path(policy.engine.database).is_relative_to(mounts["data"])
        assert any(budget.holder == "everyone" for budget in policy.budgets)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_unit_is_valid_and_closed(tmp_path: Path) -> None:
    """`systemd-analyze` finds no fault, and an exposure below `MOST_EXPOSED`."""
    text = (DEPLOY / "systemd" / "noisegate.service").read_text()
    assert "ExecStart=/opt/noisegate/bin/noisegate serve\n" in text
    unit = tmp_path / "noisegate.service"
    unit.write_text(text.replace("/opt/noisegate/bin/noisegate", "/bin/true"))
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    assert "noisegate.service:" not in verified.stderr, verified.stderr
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", judged.stdout)
    assert exposure, judged.stdout + judged.stderr
    assert float(exposure[1]) < MOST_EXPOSED
