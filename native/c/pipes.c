/*
 * A write to a closed connection or pipe is to fail with EPIPE, and one beyond the limit of a file's size with EFBIG, as
 * on a JVM: what the system does with SIGPIPE and SIGXFSZ otherwise is to end the process without a word. An image does
 * this when it starts, but not without the parsing of runtime options (-H:-ParseRuntimeOptions).
 */
#include <signal.h>
#include <stddef.h>

/* Not SIG_IGN, which programs that are started from here would have as well. */
static void nothing(int signal) { (void)signal; }

static void catch_one(int signal) {
  struct sigaction before, now = {.sa_handler = nothing, .sa_flags = SA_RESTART};
  sigemptyset(&now.sa_mask);
  if (sigaction(signal, NULL, &before) == 0 && before.sa_handler == SIG_DFL) sigaction(signal, &now, NULL);
}

void exodl_catch_broken_pipes(void) {
  catch_one(SIGPIPE);
  catch_one(SIGXFSZ);
}
