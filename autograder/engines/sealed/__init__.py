"""The sealed engine: student code runs in a sandbox, test cells run in an examiner, plain values travel between.

    sandbox/    beside the student's code; imports nothing of the trusted half
    examiner/   the trusted half: test cells, proxies, limits
    protocol/   what travels between them, used by both: frames, and the encoding of values
    warm.py     what makes a warm process cheap to fork, used by both

Around them, in the worker: ``grader.py`` keeps a pair of the two (``pair.py``) and grades one submission at a time
(``submission.py``), whose cells are a ``session.py``; ``engine.py`` is what a command sees.

See docs/engine/ for the wire format, the proxy rules and the threat model.
"""

__all__: list[str] = []
