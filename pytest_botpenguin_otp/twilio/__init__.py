"""The fake Twilio: Messages, handsets, callbacks."""
