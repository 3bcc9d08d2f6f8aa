"""Settings of all tests."""

from hypothesis import HealthCheck, settings

# How long an example takes tells nothing on a machine that others use too.
settings.register_profile("khabar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("khabar")
