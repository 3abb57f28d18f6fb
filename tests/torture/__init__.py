"""Long trials of what must never happen; `make test` runs a short form of each."""
