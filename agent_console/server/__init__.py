"""The service that seats sync with."""
