"""What is delivered: the image, the services around it, the unit. No engine runs here to build them; what they name is there."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_image_holds_every_package_and_what_the_build_reads() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    packages = {pattern.rstrip("*") for pattern in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages | {"pyproject.toml", "constraints.txt", PROJECT["project"]["readme"], *PROJECT["project"]["license-files"]} == copied
    assert all((ROOT / name).exists() for name in copied)
    extras = re.search(r"'\.\[(?P<extras>[a-z,]+)\]'", "\n".join(lines))
    assert extras
    assert set(extras["extras"].split(",")) <= set(PROJECT["project"]["optional-dependencies"])


def test_the_services_fit_the_image_and_the_pins() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert (DEPLOY / services["app"]["build"]["context"] / services["app"]["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert f"chromadb=={services['vectors']['image'].partition(':')[2]}\n" in pins
    # Nothing is open to other machines by itself.
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", ()))
    named = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", ())}
    assert named == set(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["volumes"])


def test_the_unit_is_one() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "jihe.service", encoding="utf-8")
    assert unit["Service"]["User"] == "jihe"
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    said = subprocess.run([analyze, "verify", str(DEPLOY / "jihe.service")], capture_output=True, text=True, check=False).stderr
    # The program is not installed here.
    assert [line for line in said.splitlines() if "is not executable" not in line and "jihe.service" in line] == []
