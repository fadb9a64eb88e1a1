"""What students handed in: found in a class's folder, and taken in as untrusted data."""
