"""What a team would write first: Strawberry's types over SQLAlchemy's ORM with data loaders."""
