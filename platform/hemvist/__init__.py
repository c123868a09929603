"""The tenant-aware core of Hemvist: one sub-package per concept, imports pointing down."""
