"""What agents type and save about calls, and the answers that their commands got."""
