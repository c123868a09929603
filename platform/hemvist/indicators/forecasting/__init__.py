"""What next year may ask for (prognos): a stated model of flow, on numbers that are told already."""
