"""What is asked and noted in a call, and by when somebody calls back."""
