# mypy: ignore-errors
# compliance-trestle is in the peers' environment only
"""Resolves every OSCAL profile of a workspace with compliance-trestle.

Run by the peers' Python; the workspace is its only argument.
"""

from __future__ import annotations

import sys
from pathlib import Path

from trestle.core.control_interface import ParameterRep
from trestle.core.profile_resolver import ProfileResolver

workspace = Path(sys.argv[1]).resolve()
for profile in sorted(workspace.glob("*/data/oscal/*.profile.json")):
    ProfileResolver.get_resolved_profile_catalog(
        workspace, str(profile), param_rep=ParameterRep.VALUE_OR_LABEL_OR_CHOICES
    )
