"""The parts of the screens, one pane or line each."""
