"""Settings of all tests: a busy machine makes none of them fail.

Speed is measured by `make bench`; Hypothesis' own limits of time would only make runs differ.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "nectarc",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("nectarc")
