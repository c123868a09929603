"""The read path beside a statement written by hand, PostGraphile and an ORM, on data of national size.

Named so that it does not hide ``graphql`` (graphql-core) from programs of this folder.
"""
