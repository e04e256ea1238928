"""What operators run: build, deploy, merchants."""
