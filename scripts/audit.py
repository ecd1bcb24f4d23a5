"""Known holes in the locked packages, where the data can be had; without a network it says so and
passes.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        "requirements.lock",
        "--require-hashes",
    ]
    options = ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    try:
        ran = subprocess.run(
            command + options, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        packages = json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        packages = []
    holes = [f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", [])]
    if holes:
        sys.exit("\n".join(holes))
    if not any("vulns" in package for package in packages):
        print("audit: no data about holes could be had")


if __name__ == "__main__":
    main()
