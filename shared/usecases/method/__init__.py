"""Payments whose money somebody else takes. The provider's word is asked for and recorded once, whoever brings the
news; what came too late, twice or in part goes back or is shown to a person."""
