"""What web pages and JSON calls are made with: pages, forms, fields, problems, limits, uploads."""
