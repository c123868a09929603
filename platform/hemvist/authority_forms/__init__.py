"""Authorities' forms (myndigheternas blanketter): prefilled from the cases, each figure traceable to them."""
