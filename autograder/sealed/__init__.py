"""The sealed engine: student code runs in a sandbox, test cells run in an examiner, plain values travel between.

    sandbox/    beside the student's code; imports nothing of the trusted half
    examiner/   the trusted half: test cells, proxies, limits
    wire.py     the encoding of values, used by both
    frames.py   the frame around a message, used by both
    forkserver.py  how both keep a warm process and fork it, used by both

See docs/engine/ for the wire format, the proxy rules and the threat model.
"""

__all__: list[str] = []
