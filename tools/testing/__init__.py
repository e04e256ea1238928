"""What tests, bench and simulator share. Nothing that is deployed imports it, and it imports no test."""
