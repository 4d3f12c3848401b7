"""What the company says about itself."""
