"""A customer who is none: walks the whole way of a customer through the public door, again and again."""
