"""Compiles the catalogues before a wheel is built: git has only their sources."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[type-arg]  # generic over a configuration that is not used here
    """The build hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the files are gathered."""
        del version, build_data
        runpy.run_path(str(Path(self.root) / "scripts" / "catalogues.py"))["compile_all"]()
