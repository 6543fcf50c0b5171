"""What an operator can look up: articles, words, search, screening cues and engine, scripts."""
