"""Follow-ups and home visits (uppföljningar, hembesök)."""
