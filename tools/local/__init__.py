"""What runs on this machine: the local cloud, the whole gateway on one port, the sample shop, the demo."""
