"""Writers, models and inputs that misbehave on purpose, and the server some speak through."""
