"""`python -m tests.benchmarks`: the hot paths, each beside its ceiling in the same run."""
