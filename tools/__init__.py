"""What the make targets run. These files belong to the repository, not to the installed packages."""
