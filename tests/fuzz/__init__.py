"""The readers of other people's files, given anything at all.

- `targets`: one function for each reader, which takes bytes and says what must hold of the answer;
- `corpus/<reader>/`: inputs that reach something, small, one for each thing reached;
- `words/<reader>.dict`: what means something to a reader, for whoever makes inputs up;
- `python -m tests.fuzz`: inputs made up by what they reach (atheris; Linux only);
- `mutating`: inputs made up by chance, many times as fast, and the same for the same seed.
"""
