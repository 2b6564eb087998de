"""What is kept of people, shown and taken back: the audit log's page, own data, erasure, retention."""
