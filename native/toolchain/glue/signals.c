/*
 * liblibchelper.a (2): how signals reach Java. The handler only counts and posts; a Java thread waits for the post and asks
 * which signal it was. Names from the @CFunction annotations of CSunMiscSignal in svm.jar.
 */
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>

static sem_t posted;
static atomic_int pending[NSIG];
static atomic_int opened;

/* 0: ready; 1: another isolate of this process has it; -1: errno says why not */
int cSunMiscSignal_open(void) {
  int expected = 0;
  if (!atomic_compare_exchange_strong(&opened, &expected, 1)) return 1;
  for (int signal = 0; signal < NSIG; signal++) atomic_store(&pending[signal], 0);
  if (sem_init(&posted, 0, 0) == 0) return 0;
  atomic_store(&opened, 0);
  return -1;
}

int cSunMiscSignal_close(void) {
  int result = sem_destroy(&posted);
  atomic_store(&opened, 0);
  return result;
}

int cSunMiscSignal_awaitSemaphore(void) {
  int result;
  do {
    result = sem_wait(&posted);
  } while (result != 0 && errno == EINTR);
  return result;
}

int cSunMiscSignal_signalSemaphore(void) { return sem_post(&posted); }

int cSunMiscSignal_signalRangeCheck(int signal) { return signal > 0 && signal < NSIG; }

/* The number of a signal that came and was not asked for yet, or -1. */
int cSunMiscSignal_checkPendingSignal(void) {
  for (int signal = 1; signal < NSIG; signal++) {
    int count = atomic_load(&pending[signal]);
    while (count > 0) {
      if (atomic_compare_exchange_weak(&pending[signal], &count, count - 1)) return signal;
    }
  }
  return -1;
}

/* Runs in any thread at any moment: only what signal-safety(7) allows. */
static void arrived(int signal) {
  int saved = errno;
  if (cSunMiscSignal_signalRangeCheck(signal) && atomic_load(&opened)) {
    atomic_fetch_add(&pending[signal], 1);
    sem_post(&posted);
  }
  errno = saved;
}

void (*cSunMiscSignal_signalHandlerFunctionPointer(void))(int) { return arrived; }
