"""What an account has not bought yet and is likely to: models on plain tables of purchases."""
