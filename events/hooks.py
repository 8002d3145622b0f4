"""Plain lists in which the rooms above wait for something of this room (STYLE §5)."""

from collections.abc import Callable


class Hook(list):
    """Functions called in the order of registration, inside the transaction of the deed; each may raise Refusal."""

    def register(self, function: Callable) -> Callable:
        """Add the function once; also usable as a decorator."""
        if function not in self:
            self.append(function)
        return function

    def call(self, **facts) -> None:
        for function in self:
            function(**facts)
