"""The families of tasks: each makes a task, and plants what its key asks for."""
