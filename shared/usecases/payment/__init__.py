"""What happens to one payment, whoever began it. Every write goes through ``changing``, every call that moves
money through ``operating``."""
