/*
 * libreporterchelper.so: what the builder's progress report asks of the machine that it runs on. The two names are those of the
 * native methods of ProgressReporterCHelper in svm.jar; the builder stops without them.
 */
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "jni.h"

/* Bytes of memory that the builder has used at most, -1 when that is unknown. */
JNIEXPORT jlong JNICALL Java_com_oracle_svm_hosted_ProgressReporterCHelper_getPeakRSS0(JNIEnv *env, jclass c) {
  struct rusage used;
  return getrusage(RUSAGE_SELF, &used) == 0 ? (jlong)used.ru_maxrss * 1024 : -1;
}

/* Columns of the terminal, -1 when stdout is none. */
JNIEXPORT jint JNICALL Java_com_oracle_svm_hosted_ProgressReporterCHelper_getTerminalWindowColumns0(
    JNIEnv *env, jclass c) {
  struct winsize window;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? (jint)window.ws_col : -1;
}
