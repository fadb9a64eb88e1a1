"""The nbgrader engine: submissions run by nbgrader's own Autograde, without a sandbox."""
