"""The program: the application, its processes and commands, and what connects the packages."""
