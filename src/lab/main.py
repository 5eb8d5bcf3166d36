"""The lab's command line: which scenarios, with what, and how they went."""
import argparse
import fcntl
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback

import hub
import network
from figures import together
from processes import CannotRun, Failed, call
from scenarios import SCENARIOS

CANNOT_RUN = 77
SETS = ("ci", "full")
PROGRAMS = ("exo-dl-native", "exo-dl-bundle")


class Lab:
    def __init__(self, exo, folder, options):
        self.exo, self.folder, self.options = exo, folder, options
        self.logs = None  # where the present round's logs are kept should it fail

    def keep_logs(self, logs):
        if self.logs:
            shutil.copytree(logs, self.logs, dirs_exist_ok=True)


def arguments():
    parser = argparse.ArgumentParser(prog="src/lab/run", description="Runs exo-dl in a cluster of network namespaces; docs/lab.md tells more.")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="names of scenarios (their full cases), or the sets ci and full")
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    parser.add_argument("--exo-dl", metavar="PATH", help="the program (default: what was built below target/)")
    parser.add_argument("--nodes", type=int, metavar="N")
    parser.add_argument("--size", type=int, metavar="MIB", help="of the model")
    parser.add_argument("--rounds", type=int, metavar="N", help="limits of time and bytes are for their median")
    parser.add_argument("--wan", metavar="RATE", help="of the link to the hub, such as 100mbit")
    parser.add_argument("--lan", metavar="RATE", help="of each node's port")
    parser.add_argument("--options", default="", metavar="'OPTION…'", help="more options for each sync --cluster and serve")
    parser.add_argument("--logs", metavar="DIR", help="where logs of failed cases go (default: target/lab)")
    given = parser.parse_args()
    for name in given.scenarios:
        if name not in SETS and name not in SCENARIOS:
            parser.error(f"no scenario is called '{name}'; --list lists them")
    if not given.scenarios and not given.list:
        parser.error("name a scenario or a set; --list lists them")
    return given


def cases(given):
    """(scenario, case) in the order they run."""
    chosen = []
    for name in given.scenarios:
        for s in SCENARIOS.values() if name in SETS else [SCENARIOS[name]]:
            chosen += [(s, dict(case)) for case in (s.ci if name == "ci" else s.full)]
    for _, case in chosen:
        for key in ("nodes", "size", "rounds", "wan", "lan"):
            if getattr(given, key) is not None:
                case[key] = getattr(given, key)
    return chosen


def program(given):
    if given.exo_dl:
        paths = [os.path.abspath(given.exo_dl)]
    else:
        paths = [os.path.join(hub.PROJECT, "target", p, "bin", "exo-dl") for p in PROGRAMS]
    found = next((p for p in paths if os.access(p, os.X_OK)), None)
    if given.exo_dl and not found:
        print(f"lab: '{given.exo_dl}' is no program", file=sys.stderr)
        sys.exit(2)
    if not found:
        raise CannotRun("no exo-dl is built; name one with --exo-dl")
    return found


def can_cluster(exo):
    return "--cluster" in call([exo, "sync", "--help"], env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})


def label(scenario, case):
    more = " ".join(f"{k} {v}" for k, v in case.items() if k in ("at", "seconds", "seed", "quota", "link", "by"))
    return f"{scenario.name}: {case['nodes']} nodes, {case['size']} MiB, WAN {case['wan']}, LAN {case['lan']}" + (f", {more}" if more else "")


def run_case(lab, scenario, case, logs):
    """Whether it passed. Its logs are kept, in a folder of its own, when it did not."""
    rounds, began = [], time.monotonic()
    shutil.rmtree(logs, ignore_errors=True)
    try:
        for i in range(case["rounds"]):
            lab.logs = os.path.join(logs, f"round-{i + 1}")
            rounds.append(scenario.run(lab, case))
        line, faults = together(rounds)
    except Failed as e:
        line, faults = "", [str(e)]
    except (OSError, RuntimeError, ValueError) as e:
        traceback.print_exc()
        line, faults = "", [f"the lab itself failed: {e}"]
    print(f"{'FAIL' if faults else 'PASS'} {label(scenario, case)}{' | ' + line if line else ''} ({time.monotonic() - began:.0f} s)", flush=True)
    for fault in faults:
        print(f"     {fault}", flush=True)
    if faults:
        print(f"     logs: {logs}", flush=True)
    else:
        shutil.rmtree(logs, ignore_errors=True)
    return not faults


def work_folder():
    """A new folder on disk, locked while this lab lives; those of labs that were killed are removed."""
    base = os.environ.get("TMPDIR", "/var/tmp")
    for name in os.listdir(base):
        if name.startswith("exo-dl-lab-"):
            with open(os.path.join(base, name, "lock"), "a", encoding="utf-8") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(os.path.join(base, name), ignore_errors=True)
                except BlockingIOError:
                    pass  # another lab works there
    folder = tempfile.mkdtemp(prefix="exo-dl-lab-", dir=base)
    lock = open(os.path.join(folder, "lock"), "a", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def interrupted(number, _):
    raise KeyboardInterrupt(signal.Signals(number).name)


def main():
    given = arguments()
    if given.list:
        for s in SCENARIOS.values():
            print(f"{s.name:18} {'ci, full' if s.ci else 'full':9} {s.about}")
        return 0
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    folder = None
    try:
        chosen = cases(given)
        exo = program(given)
        if any(s.cluster for s, _ in chosen) and not can_cluster(exo):
            raise CannotRun(f"{exo} has no sync --cluster")
        network.clean_up()
        network.check()
        hub.build()
        folder, _lock = work_folder()
        logs = os.path.abspath(given.logs or os.path.join(hub.PROJECT, "target", "lab"))
        for old in os.listdir(logs) if os.path.isdir(logs) else []:
            if re.fullmatch(r"\d\d-(" + "|".join(SCENARIOS) + ")", old):
                shutil.rmtree(os.path.join(logs, old), ignore_errors=True)
        lab = Lab(exo, folder, given.options.split())
        passed = sum([run_case(lab, s, case, os.path.join(logs, f"{i:02d}-{s.name}")) for i, (s, case) in enumerate(chosen, 1)])
        print(f"{passed} passed, {len(chosen) - passed} failed")
        return 0 if passed == len(chosen) else 1
    except CannotRun as e:
        print(f"lab: cannot run here: {e}", file=sys.stderr)
        return CANNOT_RUN
    except KeyboardInterrupt as e:
        print(f"lab: stopped{': ' + str(e) if str(e) else ''}; all was removed", file=sys.stderr)
        return 130
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
