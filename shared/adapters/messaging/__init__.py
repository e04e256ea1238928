"""How e-mails and SMS leave: captured in the test environment, sent in the live one."""
