"""Where originals and derivatives are kept, by the SHA-256 of their content: a local folder or any S3."""
