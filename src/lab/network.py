"""A LAN of network namespaces with one shaped link to the hub. Interfaces are made inside the namespaces, whose names hold the lab's pid, so two labs
do not meet; nothing is changed in the namespace the lab was started in.

  n1 eth0 [tbf] == p1 br0 ─┐                      each n is 10.77.0.K, the hub 10.99.0.2
  n2 eth0 [tbf] == p2 br0 ─┤ sw, routes ── wan [tbf] == [tbf] eth0 hub
  n3 eth0 [tbf] == p3 br1 ─┘
                   br0 zl0 == zl1 br1             only with a second half: cut by split(), shaped between zones
"""
import json
import os
import re
import shutil
import time

from processes import CannotRun, call

PREFIX = "exo-lab"
FOLDER = "/run/netns"
# What Linux does where nobody chose otherwise, so that figures are of the same network on all machines.
CONGESTION = "congctl cubic"
ROUTER, ROUTER2, HUB = "10.77.0.254", "10.77.0.253", "10.99.0.2"


def bits(rate):
    """Bits a second of '100mbit'; None for no shaping."""
    if rate in (None, "0", "none"):
        return None
    found = re.fullmatch(r"([\d.]+)([kmg]?)bit", rate.lower())
    if not found:
        raise ValueError(f"bad rate '{rate}': write for example 100mbit or 1gbit")
    return float(found[1]) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[found[2]]


def address(number):
    return f"10.77.0.{number}"


def tbf(device, rate):
    value = bits(rate)
    if value is None:
        return f"qdisc del dev {device} root"
    burst = int(max(128 << 10, value / 8 * 0.002))  # two frames of segmentation offload: smaller ones are split, at much CPU
    limit = int(max(1 << 20, value / 8 * 0.01)) + burst
    return f"qdisc replace dev {device} root tbf rate {int(value)}bit burst {burst} limit {limit}"


def clean_up():
    """Removes namespaces of labs that were killed."""
    if not os.path.isdir(FOLDER):
        return
    for name in os.listdir(FOLDER):
        found = re.fullmatch(PREFIX + r"-(\d+)-\w+", name)
        if found and not os.path.exists(f"/proc/{found[1]}"):
            call(["ip", "netns", "del", name], check=False)
            shutil.rmtree(f"/etc/netns/{name}", ignore_errors=True)


def check():
    """Raises CannotRun where namespaces, bridges, veth or tbf are not to be had."""
    if os.geteuid() != 0:
        raise CannotRun("it needs root, for network namespaces")
    try:
        with Network(1, "10mbit", "10mbit"):
            pass
    except RuntimeError as e:
        raise CannotRun(str(e)) from e


class Network:
    """N nodes; `isolated` ones have no route to the hub; `second` ones are on the second bridge, with a link of rate `link` in between."""

    def __init__(self, nodes, wan, lan, isolated=(), second=(), link=None):
        self.numbers = range(1, nodes + 1)
        self.wan, self.lan, self.link = wan, lan, link
        self.isolated, self.second = set(isolated), set(second)
        self._names = {x: f"{PREFIX}-{os.getpid()}-{x}" for x in ["sw", "hub"] + [f"n{k}" for k in self.numbers]}

    def __enter__(self):
        try:
            self._up()
        except BaseException:
            self._down()
            raise
        return self

    def __exit__(self, *_):
        self._down()

    def _ip(self, place, *commands):
        call(["ip", "-n", self._names[place], "-batch", "-"], text="\n".join(commands) + "\n")

    def _tc(self, place, *commands, check=True):
        call(["tc", "-n", self._names[place], "-batch", "-"], text="\n".join(commands) + "\n", check=check)

    def _sysctl(self, place, **values):
        script = "".join(f"echo {value} >/proc/sys/net/{key.replace('__', '/')};" for key, value in values.items())
        call(["ip", "netns", "exec", self._names[place], "sh", "-ec", script])

    def _up(self):
        hosts = "127.0.0.1 localhost\n" + f"{HUB} hub\n" + "".join(f"{address(k)} n{k}\n" for k in self.numbers)
        for name in self._names.values():
            os.makedirs(f"/etc/netns/{name}", exist_ok=True)
            # `ip netns exec` lays these over /etc: names are known, and what is asked beyond them is refused at once.
            for file, text in (("hosts", hosts), ("resolv.conf", "options timeout:1 attempts:1\n")):
                with open(f"/etc/netns/{name}/{file}", "w", encoding="utf-8") as out:
                    out.write(text)
        call(["ip", "-batch", "-"], text="".join(f"netns add {name}\n" for name in self._names.values()))
        for place in self._names:
            self._sysctl(place, ipv6__conf__all__disable_ipv6=1, ipv6__conf__default__disable_ipv6=1)
        sw, links = self._names["sw"], [("wan", "hub")] + [(f"p{k}", f"n{k}") for k in self.numbers]
        call(["ip", "-batch", "-"], text="".join(f"link add {port} netns {sw} type veth peer name eth0 netns {self._names[x]}\n" for port, x in links))
        self._switch()
        self._ip("hub", "link set lo up", f"addr add {HUB}/24 dev eth0", "link set eth0 up", f"route add default via 10.99.0.1 {CONGESTION}")
        for k in self.numbers:
            self._ip(f"n{k}", "link set lo up", f"addr add {address(k)}/24 brd + dev eth0", "link set eth0 up",
                     f"route replace 10.77.0.0/24 dev eth0 proto kernel scope link src {address(k)} {CONGESTION}")
            self.rate_node(k, self.lan)
            if k not in self.isolated:
                self.connect(k)
        self.rate_wan(self.wan)

    def _switch(self):
        # Each bridge answers for its own router address only, though the second one hears the first one's questions.
        self._sysctl("sw", ipv4__ip_forward=1, ipv4__conf__all__arp_ignore=1, ipv4__conf__all__arp_announce=2, ipv4__conf__all__rp_filter=0,
                     ipv4__conf__default__rp_filter=0)
        bridge = "type bridge stp_state 0 mcast_snooping 0"
        up = ["link set lo up", "addr add 10.99.0.1/24 dev wan", "link set wan up"]
        up += [f"link add br0 {bridge}", "link set br0 up", f"addr add {ROUTER}/24 dev br0"]
        if self.second:
            up += [f"link add br1 {bridge}", "link set br1 up", f"addr add {ROUTER2}/32 dev br1"]
            up += ["link add zl0 type veth peer name zl1", "link set zl0 master br0 up", "link set zl1 master br1 up"]
            up += [f"route add {address(k)}/32 dev br1" for k in self.second]
        up += [f"link set p{k} master br{int(k in self.second)} up" for k in self.numbers]
        self._ip("sw", *up)
        if self.second and self.link:
            self._tc("sw", tbf("zl0", self.link), tbf("zl1", self.link))

    def _down(self):
        for name in self._names.values():
            # Killed processes may hold a namespace for a moment; its name goes at once all the same.
            call(["ip", "netns", "del", name], check=False)
            shutil.rmtree(f"/etc/netns/{name}", ignore_errors=True)

    def enter(self, place, argv):
        """The command that runs argv there, with the place's name as host name."""
        script = 'echo "$0" >/proc/sys/kernel/hostname; exec "$@"'
        return ["ip", "netns", "exec", self._names[place], "unshare", "--uts", "sh", "-c", script, place] + argv

    def call(self, place, argv, **how):
        return call(["ip", "netns", "exec", self._names[place]] + argv, **how)

    def connect(self, number):
        """Gives a node a route to the hub."""
        self._ip(f"n{number}", f"route replace default via {ROUTER2 if number in self.second else ROUTER} {CONGESTION}")

    def disconnect(self, number):
        self._ip(f"n{number}", "route del default")

    def cut_hub(self):
        """A silent black hole: packets to and from the hub are no longer routed."""
        self._sysctl("sw", ipv4__ip_forward=0)

    def heal_hub(self):
        self._sysctl("sw", ipv4__ip_forward=1)

    def cut_node(self, number):
        """Nothing gets to or from the node any more, and it is not told."""
        self._port(f"p{number}", False)

    def heal_node(self, number):
        self._port(f"p{number}", True)

    def split(self):
        """The halves no longer reach each other; each still reaches the hub."""
        self._port("zl0", False)
        self._port("zl1", False)

    def heal_split(self):
        self._port("zl0", True)
        self._port("zl1", True)

    def _port(self, port, forwards):
        call(["bridge", "-n", self._names["sw"], "link", "set", "dev", port, "state", "3" if forwards else "0"])

    def rate_wan(self, rate):
        # Deleting what is not there is an error of tc, and right here.
        self._tc("sw", tbf("wan", rate), check=rate is not None)
        self._tc("hub", tbf("eth0", rate), check=rate is not None)

    def rate_node(self, number, rate):
        self._tc("sw", tbf(f"p{number}", rate), check=rate is not None)
        self._tc(f"n{number}", tbf("eth0", rate), check=rate is not None)

    def counters(self):
        """Bytes so far. Links count the large frames of segmentation offload, so nearly the payload; `wire` has every segment's headers."""
        links = {link["ifname"]: link["stats64"] for link in json.loads(call(["ip", "-n", self._names["sw"], "-j", "-s", "link"]))}
        queues = json.loads(call(["tc", "-n", self._names["hub"], "-j", "-s", "qdisc"]) or "[]")
        sent = sum(links[f"p{k}"]["rx"]["bytes"] for k in self.numbers)
        return {
            "wan": links["wan"]["rx"]["bytes"],
            "wire": sum(q.get("bytes", 0) for q in queues if q.get("kind") == "tbf"),
            "lan": max(0, sent - links["wan"]["tx"]["bytes"]),  # from node to node, counted where it is sent
            "link": links["zl0"]["rx"]["bytes"] + links["zl0"]["tx"]["bytes"] if self.second else 0,
        }

    def listening(self, number):
        """TCP ports that something in the node's namespace listens at."""
        ports = set()
        for line in self.call(f"n{number}", ["cat", "/proc/net/tcp", "/proc/net/tcp6"], check=False).splitlines():
            fields = line.split()
            if len(fields) > 3 and fields[3] == "0A":
                ports.add(int(fields[1].rsplit(":", 1)[1], 16))
        return ports

    def await_port(self, number, fits, seconds):
        """The lowest port that fits and is listened at."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ports = sorted(p for p in self.listening(number) if fits(p))
            if ports:
                return ports[0]
            time.sleep(0.1)
        return None
