"""The handover pack: what is known of an account, for whoever takes it over."""
