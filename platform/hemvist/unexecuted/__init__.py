"""Favourable decisions that are not carried out: efforts, and the quarterly report (SoL 34 kap.)."""
