"""Bounds, medians, and a round's figures with the limits they have to keep."""
import statistics


def bound(size, wan, down, ups, wanting):
    """Seconds that nobody can beat: the model through the WAN once (0: no WAN), into one node, and to all from all that can send; bits a second."""
    times = [size * 8 / down, wanting * size * 8 / (wan + sum(ups))]
    return max(times + ([size * 8 / wan] if wan else []))


def text(value, unit):
    if isinstance(value, str):
        return value
    form = {"s": "{:.1f} s", "x": "{:.3f} x", "": "{:.0f}", "MB": "{:.0f} MB", "MiB": "{:.0f} MiB", "%": "{:.0f} %", "cpu": "{:.2f} s"}[unit]
    return form.format(value)


class Round:
    """What one round gave. A limit is kept by the median of the rounds, or by each of them."""

    def __init__(self):
        self.figures = {}  # name: (value, unit)
        self.limits = {}  # name: (at most, whether in the median)
        self.faults = []  # what must not be, in words

    def figure(self, name, value, unit="", at_most=None, median=True):
        self.figures[name] = (value, unit)
        if at_most is not None:
            self.limits[name] = (at_most, median)

    def wrong(self, *faults):
        self.faults += faults


def together(rounds):
    """The line of figures of all rounds, and what is wrong with them."""
    parts, faults = [], [f"round {i}: {f}" if len(rounds) > 1 else f for i, r in enumerate(rounds, 1) for f in r.faults]
    names = dict.fromkeys(name for r in rounds for name in r.figures)
    for name in names:
        of = [r.figures[name] for r in rounds if name in r.figures]
        values, unit = [v for v, _ in of], of[0][1]
        numbers = [v for v in values if not isinstance(v, str)]
        middle = statistics.median(numbers) if numbers else values[0]
        parts.append(f"{name} {text(middle, unit)}")
        at_most, median = next((r.limits[name] for r in rounds if name in r.limits), (None, True))
        value = middle if median or not numbers else max(numbers)
        if at_most is not None and (not numbers or value > at_most):
            faults.append(f"{name} {text(value, unit)} is more than {text(at_most, unit)}")
    return ", ".join(parts), faults
