"""The only room that reads YAML and the environment. What it hands out is typed, frozen and checked."""
