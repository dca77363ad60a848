"""AccountPlanBench: books, tasks and keys, generated from a seed."""
