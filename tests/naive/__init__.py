"""A plain-Python twin of the simulator, written from the specification and nothing else.

Owns slow, short, readable versions of the generator and of one future; the compiled kernel is
checked against them. It shares with the kernel only the names of `openchannel.kernel.keys`.
"""
