"""Learning the weights from `data/corpora/training/`; `python -m knowledge.screening.training`."""
