"""Orders: what is to be paid, by one of several tries. An order is told paid once, whoever sees it first."""
