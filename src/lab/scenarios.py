"""What the lab can show. Each scenario is one function: it runs one round and gives its figures; `full` and `ci` are the cases of the two sets."""
import os
import random
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Callable

import machinery
from figures import Round
from network import bits
from processes import Failed, Process
from trial import WHOLE, Trial

DEFAULTS = {"nodes": 11, "size": 512, "rounds": 1, "wan": "100mbit", "lan": "500mbit"}
# The small set shares two cores with whatever else CI does: `grace` seconds are added to limits of time, `wan_grace` to those of the WAN, where a few
# chunks weigh more in a small model.
SMALL = {"nodes": 4, "size": 96, "rounds": 1, "grace": 5, "wan_grace": 0.04}
MIB = 1 << 20
# As the program has them: ChunkGrid.chunkSizeFor, and the default of --max-connections.
LARGEST_CHUNK, CHUNKS_WANTED, CONNECTIONS = 64 * MIB, 4096, 16
COMING_AGAIN = 2  # seconds between a kill and the restart
LINGER = ("--linger", "8s")  # so that the others are still there then
LAB = os.path.dirname(os.path.abspath(__file__))


@dataclass
class Scenario:
    name: str
    about: str
    run: Callable
    cluster: bool
    full: list = field(default_factory=list)
    ci: list = field(default_factory=list)


SCENARIOS = {}


def scenario(name, about, full=({},), ci=({},), cluster=True):
    def add(run):
        SCENARIOS[name] = Scenario(name, about, run, cluster, [{**DEFAULTS, **case} for case in full], [{**DEFAULTS, **SMALL, **case} for case in ci])
        return run

    return add


PLAIN = {"nodes": 4, "size": 1, "lan": "100mbit"}


@scenario("machinery", "the lab itself: cuts, rates, counters, the liar", full=[PLAIN], ci=[PLAIN], cluster=False)
def the_lab_itself(lab, case):
    with Trial(lab, case, isolated=[4], second=[3, 4], link="50mbit") as trial:
        return machinery.run(trial, stand_before)


@scenario("independent", "each node by itself, the baseline", full=[{"nodes": 4, "size": 128}], ci=[{"nodes": 2, "size": 32}], cluster=False)
def independent(lab, case):
    with Trial(lab, case) as trial:
        trial.start(cluster=False)
        trial.whole()
        trial.ended()
        r = trial.round(wan_factor=1.05 * case["nodes"])
        # All share the WAN, so the bound is that of as many models as there are nodes.
        least = case["nodes"] * trial.bound(1, trial.hub.bytes)
        r.figure("time", trial.time_until_whole(), "s", 1.15 * least + case.get("grace", 0))
        return r


@scenario("swarm", "all want the model, only the hub has it", full=[{"rounds": 3}, {"nodes": 4, "rounds": 3}])
def swarm(lab, case):
    with Trial(lab, case) as trial:
        trial.start()
        trial.whole()
        trial.ended()
        return trial.round(time_factor=1.10, wan_factor=1.01, listings=2)


# At 500 Mbit/s eleven nodes would move 700 MB/s, and at 200 two cores are busy all the time: that measures them, not the swarm.
@scenario("lan", "one node has it, the hub is out of reach for all", full=[{"lan": "100mbit", "by": "sync"}, {"lan": "100mbit", "by": "serve"}], ci=[{"lan": "200mbit", "by": "serve"}])
def lan(lab, case):
    with Trial(lab, case, isolated=range(1, case["nodes"] + 1)) as trial:
        seed = trial.nodes[-1]
        trial.prefill(seed)
        if case["by"] == "sync":
            seed.sync("--linger", "forever")
            if not seed.now.line(lambda line: line.startswith(WHOLE), 60):
                raise Failed(f"the seed does not say that it has the model: {seed.now.last_words()}")
        else:
            seed.run("serve", "--cluster", "-v", *lab.options)
            time.sleep(3)
        trial.start(trial.nodes[:-1])
        trial.whole()
        trial.ended()
        return trial.round(time_factor=1.25, wan=0)


@scenario(
    "kill-coordinator",
    "kill -9 of the first node, which then comes again",
    full=[{"at": 0.1}, {"at": 0.5}, {"at": 0.9}],
    ci=[{"at": 0.5}],
)
def kill_coordinator(lab, case):
    with Trial(lab, case) as trial:
        trial.start(options=lambda node: LINGER)
        trial.served(case["at"])
        kill_and_restart(trial.nodes[0])
        before = trial.hub.served()
        trial.whole()
        trial.ended()
        r = trial.round(wan_factor=1.03)
        left = max(0.0, 1 - before)
        r.figure("WAN since it came again", trial.hub.served() - before, "x", left + lost_by_a_kill(trial.hub.bytes) / trial.hub.bytes)
        return r


def lost_by_a_kill(size):
    """Most bytes that a killed node loses: the chunk that each of its connections was fetching."""
    chunk = MIB
    while chunk < LARGEST_CHUNK and chunk * CHUNKS_WANTED < size:
        chunk *= 2
    return CONNECTIONS * chunk


def kill_and_restart(node):
    node.now.kill()
    if not node.now.wait(5):
        raise Failed(f"{node.name} lives on after a kill -9")
    time.sleep(COMING_AGAIN)
    node.sync(*LINGER)


@scenario("kill-three", "kill -9 of any three at any moments, each comes again", full=[{"seed": 1}, {"seed": 2}], ci=[])
def kill_three(lab, case):
    dice = random.Random(case["seed"])
    with Trial(lab, case) as trial:
        victims = dice.sample(trial.nodes, 3)
        moments = sorted(dice.uniform(0.05, 0.95) for _ in victims)
        trial.start(options=lambda node: LINGER)
        for node, moment in zip(victims, moments):
            trial.served(moment)
            kill_and_restart(node)
        trial.whole()
        trial.ended()
        r = trial.round(wan_factor=1.03)
        r.figure("killed", " ".join(f"{n.name} at {m:.0%}" for n, m in zip(victims, moments)))
        return r


def apart(lab, case, second):
    """The nodes in `second` lose the others for a while; all reach the hub all the time."""
    with Trial(lab, case, second=second) as trial:
        # Who is done first waits for the others' return.
        trial.start(options=lambda node: ("--linger", f"{case['seconds'] + 5}s"))
        trial.served(0.2)
        trial.network.split()
        time.sleep(case["seconds"])
        trial.network.heal_split()
        trial.whole()
        trial.ended()
        return trial.round(wan_factor=case.get("wan_factor", 1.15))


@scenario("cut", "one node's LAN is cut for a while", full=[{"seconds": 20}], ci=[])
def cut(lab, case):
    return apart(lab, case, [case["nodes"]])


# A small model would be fetched by both halves before the cut is over: its limit only says that nobody fetches more than that.
@scenario("split", "the LAN falls in two halves for a while", full=[{"seconds": 20}], ci=[{"seconds": 10, "wan_factor": 2}])
def split(lab, case):
    return apart(lab, case, range(case["nodes"] // 2 + 1, case["nodes"] + 1))


@scenario(
    "hub-gone",
    "the hub goes when all chunks are in the swarm and no node is whole",
    full=[{"wan": "400mbit", "lan": "100mbit"}],
    ci=[{"wan": "150mbit", "lan": "50mbit"}],
)
def hub_gone(lab, case):
    with Trial(lab, case) as trial:
        trial.start()
        trial.served(1)
        # What is in buffers and queues must have come through as well.
        deadline = time.monotonic() + 10
        while trial.hub.figures()["open"] and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        whole = [n.name for n in trial.nodes if n.whole_at()]
        sent = trial.hub.served()
        trial.network.cut_hub()
        trial.whole()
        trial.ended()
        r = trial.round()
        if whole:
            r.wrong(f"{' '.join(whole)} had the model before the hub went: slower --lan shows more")
        r.figure("sent when the hub went", sent, "x")
        return r


@scenario("no-internet", "two nodes have no route to the hub")
def no_internet(lab, case):
    with Trial(lab, case, isolated=[case["nodes"] - 1, case["nodes"]]) as trial:
        trial.start()
        trial.whole()
        trial.ended()
        return trial.round(wan_factor=1.01, listings=2)


@scenario("liar", "a seed that sends wrong bytes in 5 % of its pieces", full=[{"nodes": 6}])
def liar(lab, case):
    with Trial(lab, case) as trial:
        bad = trial.nodes[-1]
        trial.prefill(bad)
        bad.sync("--linger", "forever")
        proxy = stand_before(trial, bad)
        try:
            trial.start(trial.nodes[:-1])
            trial.whole()
            trial.ended()
            r = trial.round()
            lies = sum(line.startswith("lied") for _, line in proxy.lines)
            r.figure("lies", lies)
            if not lies:
                r.wrong("nobody was lied to, so nothing is shown")
            naming = rf"({re.escape(trial.address(bad))}|\b{bad.name}\b).*(wrong|bad|corrupt|mismatch|checksum|digest|differ|not trust|distrust)"
            if lies and not any(node.said(naming) or node.said("(wrong|bad|corrupt|distrust).*" + naming.partition(".*")[0]) for node in trial.nodes[:-1]):
                r.wrong("no node named the liar")
            return r
        finally:
            proxy.end()


def stand_before(trial, node):
    """A proxy that lies, between others and the node's chunk server: the one port that is not the cluster's own."""
    port = trial.network.await_port(node.number, lambda p: not 7820 <= p <= 7871, 30)
    if port is None:
        raise Failed(f"{node.name} has no chunk server")
    argv = [sys.executable, os.path.join(LAB, "liar.py"), "1", trial.address(node), str(port), "0.05"]
    proxy = Process("liar", trial.network.enter(node.name, argv), os.path.join(trial.logs, "liar.log"), {"PATH": os.environ["PATH"]}, watch="stdout")
    if not proxy.line(lambda line: line == "listening", 10):
        raise Failed("the liar's proxy did not start")
    rules = f"table ip lab {{\n chain c {{\n type nat hook prerouting priority -100;\n tcp dport {port} redirect to :1\n }}\n}}\n"
    trial.network.call(node.name, ["nft", "-f", "-"], text=rules)
    return proxy


@scenario("stranger", "nodes with a key, one with another, one with none", full=[{"nodes": 6, "size": 128}], ci=[{"nodes": 4}])
def stranger(lab, case):
    strange = [case["nodes"] - 1, case["nodes"]]
    with Trial(lab, case, isolated=strange) as trial:
        keys = [os.path.join(trial.folder, name) for name in ("ours", "theirs")]
        for key in keys:
            made = trial.nodes[0].run("cluster", "keygen", key)
            if not made.wait(20) or made.code != 0:
                raise Failed(f"cluster keygen failed: {made.last_words()}")
        trial.nodes[0].runs.clear()
        ours, strangers = trial.nodes[:-2], trial.nodes[-2:]
        trial.start(ours, options=lambda node: ("--cluster-key", keys[0]))
        strangers[0].sync("--cluster-key", keys[1])
        strangers[1].sync()
        trial.whole()
        trial.ended()
        r = trial.round(time_factor=1.10, wan_factor=1.01, listings=2)
        for node in strangers:
            if node.now.running():
                node.now.end()
            if node.whole_at() or os.path.exists(node.snapshot()) or node.held() > 1 << 20:
                r.wrong(f"{node.name} got bytes without the key")
            if not node.said(r"^warning: refused a node at "):
                r.wrong(f"{node.name} does not warn that the others have another key")
        if not any(node.said(r"^warning: refused a node at .*this cluster's key") for node in ours):
            r.wrong("nobody with the key warns of those without")
        return r


@scenario("quota", "all share one small quota of requests at the hub", full=[{"size": 128, "quota": "20/10"}], ci=[{"quota": "12/4"}])
def quota(lab, case):
    with Trial(lab, case, quota=case["quota"]) as trial:
        trial.start()
        trial.whole()
        trial.ended()
        r = trial.round(wan_factor=1.03)
        if not trial.hub.figures()["refused"]:
            r.wrong("the hub refused nothing (429), so nothing is shown: a smaller quota shows more")
        return r


@scenario("late", "one node joins when half is served")
def late(lab, case):
    with Trial(lab, case) as trial:
        trial.start(trial.nodes[:-1])
        trial.served(0.5)
        trial.start(trial.nodes[-1:])
        trial.whole()
        trial.ended()
        return trial.round(wan_factor=1.01, listings=2)


@scenario("mixed", "nodes want different files", full=[{"nodes": 6}])
def mixed(lab, case):
    def unwanted(node):
        """Of four shards each node leaves one out; each shard is wanted by somebody."""
        return f"model-{(node.number - 1) % 4 + 1:05d}-of-00004.safetensors"

    def options(node):
        shards = [f"model-{i:05d}-of-00004.safetensors" for i in range(1, 5)]
        return [x for shard in shards if shard != unwanted(node) for x in ("--include", shard)] + ["--include", "*.json"]

    def wanted(node):
        return lambda path: path != unwanted(node) and path.endswith((".safetensors", ".json"))

    with Trial(lab, case) as trial:
        trial.start(options=options)
        trial.whole()
        trial.ended()
        union = sum(size for path, (_, size) in trial.hub.files.items() if any(wanted(n)(path) for n in trial.nodes))
        r = trial.round(wan_factor=1.01, size=union, wanted=wanted)
        for node in trial.nodes:
            if os.path.exists(os.path.join(node.snapshot(), unwanted(node))):
                r.wrong(f"{node.name} has a file that it did not want")
        return r


@scenario("shards", "32 layers dealt out: each its share first, then all of it", full=[{"nodes": 4, "rounds": 3}])
def shards(lab, case):
    with Trial(lab, case, shards=8, layers=32) as trial:
        trial.start(options=lambda node: ("--split", "equal", "--then-complete", "--wait-for", str(case["nodes"])))
        trial.whole()
        trial.ended()
        r = trial.round(time_factor=1.15, wan_factor=1.01, listings=2)
        ready = [node.now.first(lambda line: line.startswith("layers ") and " are ready: " in line) for node in trial.nodes]
        if None in ready:
            r.wrong("not all say that their layers are ready")
            return r
        # A share by each node's part of the WAN: (F/N)/(W/N).
        least = trial.hub.bytes * 8 / bits(case["wan"])
        took = max(at for at, _ in ready) - trial.started
        r.figure("all shares ready", took, "s", 1.15 * least + case.get("grace", 0))
        r.figure("of theirs", took / least, "x")
        dealt = {text for node in trial.nodes for text in node.said(r"^share \d+ of ")}
        if len(dealt) != case["nodes"]:
            r.wrong(f"not each has a share of its own: {sorted(dealt)}")
        return r


@scenario("serve", "what an idle serve costs", full=[{"nodes": 3, "size": 64, "seconds": 20}], ci=[{"nodes": 2, "size": 16, "seconds": 10}])
def serve(lab, case):
    with Trial(lab, case) as trial:
        for node in trial.nodes:
            trial.prefill(node)
        for node in trial.nodes:
            node.run("serve", "--cluster", "-v", *lab.options)
        time.sleep(5)  # they have found each other, and what a start costs is over
        before = [node.now.cpu() for node in trial.nodes]
        time.sleep(case["seconds"])
        r = Round()
        r.figure("resident", max(node.now.resident() for node in trial.nodes) / (1 << 20), "MiB", 60)
        used = [node.now.cpu() - b for node, b in zip(trial.nodes, before)]
        r.figure(f"CPU in {case['seconds']} s", max(used), "cpu", 0.01 * case["seconds"])
        for node in trial.nodes:
            if not node.now.running():
                r.wrong(f"{node.name} ended with {node.now.code}: {node.now.last_words()}")
        return r


@scenario("zones", "two zones with a narrow link in between", full=[{"nodes": 8, "link": "200mbit"}], ci=[{"link": "100mbit"}])
def zones(lab, case):
    second = range(case["nodes"] // 2 + 1, case["nodes"] + 1)
    with Trial(lab, case, second=second, link=case["link"]) as trial:
        trial.start(options=lambda node: ("--zone", "b" if node.number in second else "a"))
        trial.whole()
        trial.ended()
        r = trial.round(wan_factor=1.01, listings=2)
        # No chunk has to cross more than once; what comes from the hub does not cross.
        across = (trial.counted["link"] - trial.began["link"]) / trial.hub.bytes
        r.figure("across the link", across, "x", 1.25 + case.get("wan_grace", 0))
        return r
