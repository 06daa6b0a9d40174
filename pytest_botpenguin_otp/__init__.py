"""Test a BotPenguin phone-login bot with pytest, offline."""
