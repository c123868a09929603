"""Log review (loggkontroll): what a reviewer is given to look at each month, and what they say of it."""
