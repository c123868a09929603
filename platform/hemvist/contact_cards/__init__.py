"""Contact cards (kontaktkort): the kommun's one way in for landlords."""
