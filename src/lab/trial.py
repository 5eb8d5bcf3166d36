"""One round: a network, a hub and nodes that run exo-dl, and what is measured of them."""
import hashlib
import os
import re
import shutil
import time

import network
from figures import Round, bound
from hub import REPO, Hub
from network import Network, bits
from processes import Failed, Process

WHOLE = ("got ", "all ")  # what a sync says when its snapshot is whole: fetched, or it was here
HEAD_START = 0.3  # the first node coordinates; the others start so much later, all within a second


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()


class Node:
    def __init__(self, number, trial):
        self.number = number
        self.name = f"n{number}"
        self.trial = trial
        self.folder = os.path.join(trial.folder, self.name)
        self.cache = os.path.join(self.folder, "cache")
        self.runs = []
        os.makedirs(self.folder, exist_ok=True)

    def run(self, *argv):
        """Starts the program; the newest run is the one that counts."""
        log = os.path.join(self.trial.logs, f"{self.name}-{len(self.runs) + 1}.log")
        env = {"PATH": os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C.UTF-8", "EXO_DL_CACHE_DIR": self.cache, "EXO_DL_ENDPOINT": self.trial.hub.url}
        self.runs.append(Process(self.name, self.trial.network.enter(self.name, [self.trial.lab.exo, *argv]), log, env))
        return self.runs[-1]

    def sync(self, *options, cluster=True):
        more = ["--cluster", *self.trial.lab.options] if cluster else []
        return self.run("sync", REPO, "--endpoint", self.trial.hub.url, "--cache-dir", self.cache, "--progress", "none", "-v", *more, *options)

    @property
    def now(self):
        return self.runs[-1]

    def whole_at(self):
        """The moment at which the newest run had its snapshot, or None."""
        at = self.now.first(lambda line: line.startswith(WHOLE))
        return at and at[0]

    def said(self, pattern):
        """The lines of all its runs in which the pattern is found."""
        return [line for run in self.runs for _, line in run.lines if re.search(pattern, line)]

    def snapshot(self):
        return os.path.join(self.cache, "models--" + REPO.replace("/", "--"), "snapshots", self.trial.hub.commit)

    def held(self):
        """Bytes on disk below its cache."""
        paths = [os.path.join(at, f) for at, _, files in os.walk(self.cache) for f in files]
        return sum(os.lstat(p).st_blocks * 512 for p in paths if not os.path.islink(p))

    def faults(self, wanted=lambda path: True):
        """What is wrong with its files, each compared by sha256 with what the hub serves."""
        found = []
        for path, (digest, _) in self.trial.hub.files.items():
            at = os.path.join(self.snapshot(), path)
            if not wanted(path):
                continue
            if not os.path.isfile(at):
                found.append(f"{self.name} has no {path}")
            elif sha256(at) != digest:
                found.append(f"{self.name} has a wrong {path}")
        return found


class Trial:
    """`case` has nodes, size, wan, lan; `apart` goes to Network: isolated, second, link."""

    def __init__(self, lab, case, quota=None, shards=4, layers=None, **apart):
        self.lab, self.case = lab, case
        self.folder = os.path.join(lab.folder, f"round-{time.monotonic_ns()}")
        self.logs = os.path.join(self.folder, "logs")
        os.makedirs(self.logs)
        self.network = Network(case["nodes"], case["wan"], case["lan"], **apart)
        self.quota, self.shards, self.layers, self.hub, self.nodes = quota, shards, layers, None, []
        self.started = None
        self.wanting = []
        self.seconds_allowed = 90 + 8 * self.bound(case["nodes"], case["size"] << 20)

    def __enter__(self):
        self.network.__enter__()
        try:
            self.hub = Hub(self.network, self.logs, self.case["size"] << 20, self.shards, self.quota, self.layers)
            self.nodes = [Node(k, self) for k in self.network.numbers]
            self.mark()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            for run in [r for n in self.nodes for r in n.runs]:
                run.kill()
            for run in [r for n in self.nodes for r in n.runs]:
                run.wait(5)
            if self.hub:
                self.hub.stop()
        finally:
            self.network.__exit__(None, None, None)
            self.lab.keep_logs(self.logs)
            shutil.rmtree(self.folder, ignore_errors=True)

    def bound(self, wanting, size, wan=None):
        rate = bits(self.case["lan"]) or 10e9
        internet = bits(self.case["wan"]) or 10e9 if wan is None else wan
        return bound(size, internet, rate, [rate] * self.case["nodes"], wanting)

    def mark(self):
        """Counters begin here."""
        self.began = self.network.counters()
        self.busy = machine()
        self.spent = self.hub.process.cpu()

    def prefill(self, node):
        """Fills a node's cache from the hub, fast and before anything counts; its runs begin anew."""
        self.network.rate_wan(None)
        self.network.connect(node.number)
        run = node.sync(cluster=False)
        if not run.wait(self.seconds_allowed) or run.code != 0:
            raise Failed(f"the sync that fills {node.name}'s cache failed: {run.last_words()}")
        if node.number in self.network.isolated:
            self.network.disconnect(node.number)
        self.network.rate_wan(self.case["wan"])
        node.runs.clear()
        self.hub.clear()
        self.mark()

    def start(self, nodes=None, options=lambda node: (), cluster=True):
        """Starts a sync on each, the first one a moment before the others."""
        nodes = self.nodes if nodes is None else nodes
        self.started = self.started or time.monotonic()
        for i, node in enumerate(nodes):
            node.sync(*options(node), cluster=cluster)
            self.wanting.append(node)
            if i == 0 and cluster and len(nodes) > 1:
                time.sleep(HEAD_START)

    def served(self, share):
        """Waits until the hub has served that share of the model."""
        if not self.hub.await_served(share, self.seconds_allowed, lambda: any(n.now.running() for n in self.wanting)):
            raise Failed(f"the hub served {self.hub.served():.1%} of the model and no more; {share:.0%} were waited for")

    def whole(self, nodes=None):
        """Waits until all have their snapshots; the time is that of the last one."""
        deadline = time.monotonic() + self.seconds_allowed
        left = list(self.wanting if nodes is None else nodes)
        while left:
            for node in left:
                over = node.now.ended is not None or time.monotonic() > deadline
                if over and node.whole_at() is None:
                    state = f"ended with {node.now.code}" if node.now.ended else "had not ended"
                    took = time.monotonic() - node.now.started
                    raise Failed(f"{node.name} did not get the model: it {state} after {took:.0f} s, saying: {node.now.last_words()}")
            left = [node for node in left if node.whole_at() is None]
            time.sleep(0.02)
        self.counted = self.network.counters()
        self.busy_whole = machine()

    def ended(self, nodes=None):
        """Waits until their processes end by themselves, as they should."""
        deadline = time.monotonic() + 60
        for node in self.wanting if nodes is None else nodes:
            if not node.now.wait(max(0.1, deadline - time.monotonic())):
                raise Failed(f"{node.name} has the model but does not end: {node.now.last_words()}")
            if node.now.code != 0:
                raise Failed(f"{node.name} ended with {node.now.code}: {node.now.last_words()}")

    def time_until_whole(self):
        return max(node.whole_at() for node in self.wanting) - self.started

    def round(self, time_factor=None, wan_factor=None, listings=None, wan=None, size=None, wanted=lambda node: lambda path: True):
        """The figures that all scenarios have, and limits for those that are given."""
        r, case, size = Round(), self.case, size or self.hub.bytes
        took, least = self.time_until_whole(), self.bound(len(self.wanting), size, wan)
        figures, end = self.hub.figures(), self.counted
        r.figure("time", took, "s", time_factor and time_factor * least + case.get("grace", 0))
        r.figure("of bound", took / least, "x")
        r.figure("WAN", figures["file-bytes"] / size, "x", wan_factor and wan_factor + case.get("wan_grace", 0))
        r.figure("WAN link", (end["wan"] - self.began["wan"]) / size, "x")
        r.figure("with headers", (end["wire"] - self.began["wire"]) / size, "x")
        r.figure("listings", figures["revisions"] + figures["trees"], "", listings)
        r.figure("resolves", figures["resolves"])
        if figures["refused"]:
            r.figure("429s", figures["refused"])
        r.figure("LAN", (end["lan"] - self.began["lan"]) / 1e6, "MB")
        runs = [run for node in self.nodes for run in node.runs]
        r.figure("CPU of nodes", sum(run.cpu() for run in runs), "s")
        r.figure("of hub", self.hub.process.cpu() - self.spent, "s")
        r.figure("machine busy", 100 * share(self.busy, self.busy_whole, lambda state: state[0] - state[1]), "%")
        r.figure("taken from it", 100 * share(self.busy, self.busy_whole, lambda state: state[2]), "%")
        formed = self.formed()
        if formed is not None:
            r.figure("formed", formed, "s")
        ends = [node.now.ended for node in self.wanting if node.now.ended]
        if len(ends) == len(self.wanting):
            r.figure("all ended", max(ends) - self.started, "s")
        for node in self.wanting:
            r.wrong(*node.faults(wanted(node)))
        return r

    def formed(self):
        """Seconds until the last node told (-v) of a cluster of all; None when they do not tell."""
        count, moments = len(self.nodes), []
        for node in self.nodes:
            at = node.runs and node.runs[0].first(lambda line: re.search(rf"\b{count} (nodes|members)\b", line))
            if not at:
                return None
            moments.append(at[0])
        return max(0.0, max(moments) - self.started)

    def address(self, node):
        return network.address(node.number)


def machine():
    """Of all processors so far: time, idle time, and time that a virtual machine's host gave to others."""
    with open("/proc/stat", encoding="utf-8") as stat:
        fields = [int(v) for v in stat.readline().split()[1:9]]
    return sum(fields), fields[3] + fields[4], fields[7]


def share(before, after, of):
    whole = after[0] - before[0]
    return (of(after) - of(before)) / whole if whole else 0.0
