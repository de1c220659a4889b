"""The embedded home: one machine, one data folder, nothing to install beside it."""
