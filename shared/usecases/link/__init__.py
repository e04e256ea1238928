"""Payment links. A link is paid once; what comes after its end goes back."""
