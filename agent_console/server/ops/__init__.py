"""How the server is run: settings, logs, figures, copies."""
