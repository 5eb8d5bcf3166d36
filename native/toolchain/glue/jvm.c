/*
 * libjvm.a: what the JDK's own C code (libjava, libnet, libnio, …) asks of the virtual machine that it is linked with, and
 * what the image's Jvm class calls. Names and types from the JDK's jvm.h and jvm_io.h and from Jvm's annotations in svm.jar.
 */
#include <dlfcn.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "jni.h"
#include "jvm.h"

/* Jvm.initialize: there is no state to prepare. */
void initialize(void) {}

/* The processors this process may run on: sched_getaffinity(2), and what is configured where that fails. */
JNIEXPORT jint JNICALL JVM_ActiveProcessorCount(void) {
  for (int processors = 1024; processors <= 1 << 20; processors *= 4) {
    cpu_set_t *set = CPU_ALLOC(processors);
    if (set == NULL) break;
    size_t size = CPU_ALLOC_SIZE(processors);
    int failed = sched_getaffinity(0, size, set);
    int count = failed ? 0 : CPU_COUNT_S(size, set);
    CPU_FREE(set);
    if (!failed) return count;
  }
  long configured = sysconf(_SC_NPROCESSORS_ONLN);
  return configured > 0 ? (jint)configured : 1;
}

JNIEXPORT void *JNICALL JVM_FindLibraryEntry(void *library, const char *name) { return dlsym(library, name); }

static void now(clockid_t clock, struct timespec *time) {
  if (clock_gettime(clock, time) != 0) {
    perror("clock_gettime");
    abort();
  }
}

JNIEXPORT jlong JNICALL JVM_CurrentTimeMillis(JNIEnv *env, jclass ignored) {
  struct timespec time;
  now(CLOCK_REALTIME, &time);
  return (jlong)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

JNIEXPORT jlong JNICALL JVM_NanoTime(JNIEnv *env, jclass ignored) {
  struct timespec time;
  now(CLOCK_MONOTONIC, &time);
  return (jlong)time.tv_sec * 1000000000 + time.tv_nsec;
}

/*
 * Nanoseconds from a moment, in seconds since 1970, to now; -1 when it is so far away that the caller has to come with a
 * nearer moment (the contract of jdk.internal.misc.VM.getNanoTimeAdjustment: at most 2^32 seconds).
 */
JNIEXPORT jlong JNICALL JVM_GetNanoTimeAdjustment(JNIEnv *env, jclass ignored, jlong seconds) {
  struct timespec time;
  now(CLOCK_REALTIME, &time);
  long difference;
  const long most = 1L << 32;
  if (__builtin_sub_overflow((long)time.tv_sec, (long)seconds, &difference)) return -1;
  if (difference >= most || difference <= -most) return -1;
  return (jlong)difference * 1000000000 + time.tv_nsec;
}

/* The three methods of Java that System.c and VM.c register by these functions. */
JNIEXPORT jlong JNICALL Java_java_lang_System_currentTimeMillis(JNIEnv *env, jclass c) {
  return JVM_CurrentTimeMillis(env, c);
}

JNIEXPORT jlong JNICALL Java_java_lang_System_nanoTime(JNIEnv *env, jclass c) { return JVM_NanoTime(env, c); }

JNIEXPORT jlong JNICALL Java_jdk_internal_misc_VM_getNanoTimeAdjustment(JNIEnv *env, jclass c, jlong seconds) {
  return JVM_GetNanoTimeAdjustment(env, c, seconds);
}

/* An image copies arrays by its own code; System.c only takes this function's address. */
JNIEXPORT void JNICALL JVM_ArrayCopy(JNIEnv *env, jclass c, jobject from, jint at, jobject to, jint target, jint length) {
  (*env)->FatalError(env, "JVM_ArrayCopy: not for images");
}

/* Runtime.halt: no hooks, no handlers, unlike exit(3). */
JNIEXPORT void JNICALL JVM_Halt(jint code) { _exit(code); }

JNIEXPORT void JNICALL JVM_BeforeHalt(void) {}

JNIEXPORT jboolean JNICALL JVM_IsStaticallyLinked(void) { return JNI_TRUE; }

/* HotSpot too answers /tmp on Linux, whatever TMPDIR says. */
JNIEXPORT jstring JNICALL JVM_GetTemporaryDirectory(JNIEnv *env) { return (*env)->NewStringUTF(env, "/tmp"); }

/* printf(3) of the JDK's C code: always ended, -1 when the text did not fit. */
int jio_vsnprintf(char *text, size_t size, const char *format, va_list arguments) {
  if ((ssize_t)size <= 0) return -1;
  int length = vsnprintf(text, size, format, arguments);
  if (length >= 0 && (size_t)length < size) return length;
  text[size - 1] = '\0';
  return -1;
}

int jio_snprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = jio_vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

int jio_vfprintf(FILE *stream, const char *format, va_list arguments) { return vfprintf(stream, format, arguments); }

int jio_fprintf(FILE *stream, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vfprintf(stream, format, arguments);
  va_end(arguments);
  return length;
}
