"""The file of one seat: event log, projections, drafts, migrations, sealing of personal data."""
