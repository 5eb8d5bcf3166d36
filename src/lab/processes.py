"""Processes of the lab: each line they print has the moment it came, CPU time is counted to the end,
and only they are ended."""
import os
import signal
import subprocess
import threading
import time


class CannotRun(Exception):
    """This machine cannot do what the lab needs: exit code 77."""


class Failed(Exception):
    """The scenario's program did not do what it should."""


def call(argv, check=True, timeout=30, text=None, env=None):
    """Runs a short command and gives its stdout."""
    try:
        done = subprocess.run(argv, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, env=env)
    except FileNotFoundError as missing:
        raise CannotRun(f"{argv[0]} is missing") from missing
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: exit code {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


class Process:
    """A process in its own session. Start it from the main thread: it dies with the thread that started it (setpriv), so that a killed lab leaves
    nothing running."""

    def __init__(self, name, argv, log, env, watch="stderr", talk=False):
        self.name = name
        self.log = log
        self.lines = []  # (moment, text)
        self.code = None
        self.ended = None
        self._cpu = None
        self._lock = threading.Lock()
        self._news = threading.Condition(self._lock)
        with open(log + ".other", "wb") as other:
            out, err = (subprocess.PIPE, other) if watch == "stdout" else (other, subprocess.PIPE)
            self.started = time.monotonic()
            self._popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL"] + argv,
                stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=env,
                start_new_session=True,
            )
        self.pid = self._popen.pid
        self._pipe = self._popen.stdout if watch == "stdout" else self._popen.stderr
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        with open(self.log, "w", encoding="utf-8") as log:
            for raw in self._pipe:
                moment = time.monotonic()
                text = raw.decode("utf-8", "replace").rstrip("\n")
                log.write(f"{moment - self.started:8.3f} {text}\n")
                log.flush()
                with self._news:
                    self.lines.append((moment, text))
                    self._news.notify_all()
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        # The pid is given back in here only, so that kill() never meets another process under it.
        with self._news:
            _, status, used = os.wait4(self.pid, 0)
            self._cpu = used.ru_utime + used.ru_stime
            self.ended = time.monotonic()
            self.code = self._popen.returncode = os.waitstatus_to_exitcode(status)
            self._news.notify_all()

    def running(self):
        return self.code is None

    def kill(self, sig=signal.SIGKILL):
        with self._lock:
            if self.code is None:
                os.killpg(self.pid, sig)  # its own session, so also what it may have started

    def wait(self, seconds):
        """Whether it has ended in time."""
        with self._news:
            self._news.wait_for(lambda: self.code is not None, seconds)
            return self.code is not None

    def end(self):
        """Asks it to end, then makes it end."""
        for sig, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            self.kill(sig)
            if self.wait(seconds):
                return

    def line(self, fits, seconds, since=0):
        """The first (moment, text) that fits; None when none comes in time or before the end."""
        deadline = time.monotonic() + seconds
        seen = since
        while True:
            with self._news:
                new = self.lines[seen:]
                over = self.code is not None
            for at in new:
                seen += 1
                if fits(at[1]):
                    return at
            left = deadline - time.monotonic()
            if left <= 0 or (over and not new):
                return None
            with self._news:
                if len(self.lines) == seen and self.code is None:
                    self._news.wait(left)

    def first(self, fits):
        """The first (moment, text) so far that fits, or None."""
        with self._lock:
            return next((at for at in self.lines if fits(at[1])), None)

    def say(self, text):
        self._popen.stdin.write((text + "\n").encode())
        self._popen.stdin.flush()

    def hang_up(self):
        """Ends its input."""
        try:
            self._popen.stdin.close()
        except OSError:
            pass  # it has ended already

    def cpu(self):
        """CPU seconds so far, or in all when it has ended."""
        with self._lock:
            if self._cpu is not None:
                return self._cpu
            with open(f"/proc/{self.pid}/stat", encoding="utf-8") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            # utime, stime and those of the children that were waited for
            return sum(int(v) for v in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        """Resident bytes now."""
        with self._lock:
            if self.code is not None:
                return 0
            with open(f"/proc/{self.pid}/status", encoding="utf-8") as status:
                return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS:")), 0)

    def last_words(self):
        with self._lock:
            return self.lines[-1][1] if self.lines else "it said nothing"
