"""The pure step: one bot under one profile, compiled, and what each event makes of it."""
