"""The hub: the tests' emulator as a process in the hub's namespace."""
import os
import re
import time

from network import HUB
from processes import CannotRun, Failed, Process, call

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CLASSES = os.path.join(PROJECT, "target", "test-classes")
MAIN = "dev.exodl.emulator.HubEmulatorMain"
REPO = "lab/model"
BUILD_SECONDS = 900


def build():
    """Compiles the emulator when its classes are not there or older than its source; it needs no other classes at run time."""
    sources = os.path.join(PROJECT, "src", "test", "java", "dev", "exodl", "emulator")
    newest = max(os.path.getmtime(os.path.join(sources, f)) for f in os.listdir(sources))
    made = os.path.join(CLASSES, *MAIN.split(".")) + ".class"
    if os.path.exists(made) and os.path.getmtime(made) >= newest:
        return
    print("lab: compiling the hub emulator", flush=True)
    mvnw = os.path.join(PROJECT, "mvnw")
    call([mvnw, "-q", "-B", "-f", os.path.join(PROJECT, "pom.xml"), "test-compile", "-Dexodl.unit.skip=true"], timeout=BUILD_SECONDS)
    os.utime(made)  # an unchanged source does not compile anew


def java():
    try:
        return os.path.join(call([os.path.join(PROJECT, ".mvn", "find-jdk")]).strip(), "bin", "java")
    except RuntimeError as none:
        raise CannotRun("no JDK for the hub emulator; .mvn/find-jdk tells what is wanted") from none


class Hub:
    """Serves one model of `size` bytes in `shards` large files and some small ones; of so many `layers` that straddle the files, if given."""

    def __init__(self, network, folder, size, shards=4, quota=None, layers=None):
        argv = [java(), "-Xmx256m", "-cp", CLASSES, MAIN, "--bind", HUB, "--host-name", "hub", "--repo", REPO]
        argv += ["--model-size", str(size), "--files", str(shards), "--send-buffer", "32k", "--digests", "--commands"]
        argv += ["--quota", quota] if quota else []
        argv += ["--layers", str(layers)] if layers else []
        env = {"PATH": os.environ["PATH"], "HOME": folder}
        self.process = Process("hub", network.enter("hub", argv), os.path.join(folder, "hub.log"), env, watch="stdout", talk=True)
        self._read = 0
        self.url = self._answer(lambda line: line.startswith("HF_ENDPOINT="), 60).partition("=")[2]
        told = self._answer(lambda line: line.startswith("repo="), 60)
        self.commit, self.bytes = re.search(r"commit=(\w+)", told)[1], int(re.search(r"bytes=(\d+)", told)[1])
        self.files = {}  # path: (sha256, size)
        self.figures()  # comes after the last line about a file
        for _, line in self.process.lines:
            if line.startswith("file "):
                _, digest, length, path = line.split(" ", 3)
                self.files[path] = (digest, int(length))

    def _answer(self, fits, seconds):
        at = self.process.line(fits, seconds, self._read)
        if at is None:
            raise Failed(f"the hub emulator did not answer: {self.process.last_words()}; see {self.process.log}")
        self._read = self.process.lines.index(at, self._read) + 1
        return at[1]

    def figures(self):
        self.process.say("figures")
        return {key: int(value) for key, value in re.findall(r"([\w-]+)=(\d+)", self._answer(lambda line: line.startswith("figures "), 20))}

    def clear(self):
        self.process.say("clear")
        self._answer(lambda line: line == "cleared", 20)

    def served(self):
        """Bytes of files, as a share of the model."""
        return self.figures()["file-bytes"] / self.bytes

    def await_served(self, share, seconds, alive=lambda: True):
        """Waits until so much was served; False when that does not come in time or while nobody is alive to ask for it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and alive():
            if self.served() >= share:
                return True
            time.sleep(0.05)
        return self.served() >= share

    def stop(self):
        """Leaves the log of all requests in the folder of logs."""
        if self.process.running():
            self.process.say("log")
            self.process.line(lambda line: line == "end of log", 20, self._read)
            self.process.hang_up()
            if not self.process.wait(5):
                self.process.end()
