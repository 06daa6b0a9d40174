"""What people read: transcripts, findings, profiles."""
