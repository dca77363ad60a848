"""What all tests share."""

from hypothesis import settings

# No test demands a time: a busy machine must not fail a property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
