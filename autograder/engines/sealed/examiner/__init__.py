"""The trusted half: test cells run here, and see what the student defined through proxies.

Whatever comes from the sandbox is under the student's control. It is decoded by ``values`` into plain values and
proxies, and anything that breaks the rules ends the sandbox.
"""

__all__: list[str] = []
