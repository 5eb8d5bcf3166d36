"""Whether the lab does what it says: what is cut is cut and comes back, rates are kept, counters count, the liar lies. Without it a PASS means little."""
import os
import sys

from figures import Round
from network import HUB, address
from processes import Failed, Process

PROBE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.py")
PORT = 4000
MIB = 1 << 20


def serve(trial, place):
    argv = [sys.executable, PROBE, "serve", str(PORT)]
    process = Process(place, trial.network.enter(place, argv), os.path.join(trial.logs, f"probe-{place}.log"), {"PATH": os.environ["PATH"]}, watch="stdout")
    if not process.line(lambda line: line == "listening", 10):
        raise Failed(f"the probe in {place} does not listen")
    return process


def fetch(trial, place, to, count=1):
    """(bytes, wrong bytes, seconds), or None when nobody is reached."""
    target = HUB if to == "hub" else address(int(to[1:]))
    said = trial.network.call(place, [sys.executable, PROBE, "fetch", target, str(PORT), str(count)]).split()
    return None if said == ["no"] else (int(said[0]), int(said[1]), float(said[2]))


def expect_reach(trial, r, when, **pairs):
    for pair, wanted in pairs.items():
        place, to = pair.split("_")
        if bool(fetch(trial, place, to)) != wanted:
            r.wrong(f"{when}: {place} {'does not reach' if wanted else 'reaches'} {to}")


def expect(r, what, value, least, most):
    r.figure(what, value, "x")
    if not least <= value <= most:
        r.wrong(f"{what} is {value:.3f}, not in {least} to {most}")


def run(trial, stand_before):
    """Four nodes; 3 and 4 on the second bridge, 4 without a route to the hub; LAN and WAN 100 Mbit/s, the link between the halves 50."""
    r, network = Round(), trial.network
    servers = [serve(trial, place) for place in ("n1", "n2", "n3", "n4", "hub")]
    try:
        expect_reach(trial, r, "at first", n1_n2=True, n1_n3=True, n4_n3=True, n1_hub=True, n3_hub=True, n4_hub=False)
        network.split()
        expect_reach(trial, r, "split", n1_n2=True, n1_n3=False, n4_n3=True, n1_hub=True, n3_hub=True)
        network.heal_split()
        network.cut_hub()
        expect_reach(trial, r, "hub cut", n1_n3=True, n1_hub=False, n3_hub=False)
        network.heal_hub()
        network.cut_node(2)
        expect_reach(trial, r, "n2 cut", n1_n2=False, n2_hub=False, n1_n3=True)
        network.heal_node(2)
        network.connect(4)
        expect_reach(trial, r, "healed", n1_n2=True, n1_n3=True, n1_hub=True, n2_hub=True, n4_hub=True)
        network.disconnect(4)
        rates_and_counters(trial, r)
        lies(trial, r, stand_before)
    finally:
        for process in servers:
            process.end()
    return r


def rates_and_counters(trial, r):
    count = 16 * MIB
    least = count * 8 / 100e6
    for name, place, to, counters, slow in (
        ("LAN", "n1", "n2", ("lan",), 1),
        ("WAN", "n3", "hub", ("wan",), 1),
        ("link", "n1", "n3", ("lan", "link"), 2),
    ):
        before = trial.network.counters()
        came, _, seconds = fetch(trial, place, to, count) or (0, 0, 0)
        if came != count:
            r.wrong(f"{name}: {came} bytes came of {count}")
        after = trial.network.counters()
        expect(r, f"{name} time", seconds / least / slow, 0.9, 1.5)
        for key in counters:
            expect(r, f"{name} counted as {key}", (after[key] - before[key]) / count, 1, 1.1)
    wire = (after["wire"] - trial.began["wire"]) / count
    expect(r, "WAN with headers", wire, 1.03, 1.1)


def lies(trial, r, stand_before):
    liar = stand_before(trial, trial.nodes[1])
    try:
        came, wrong, _ = fetch(trial, "n1", "n2", 64 * MIB) or (0, 0, 0)
        told = sum(line.startswith("lied") for _, line in liar.lines)
        r.figure("lies", wrong)
        if came != 64 * MIB or wrong == 0 or wrong != told:
            r.wrong(f"of {came} bytes {wrong} were wrong, the liar tells of {told}")
        if fetch(trial, "n2", "n1", MIB) is None:
            r.wrong("the liar's node reaches nobody")
    finally:
        liar.end()
