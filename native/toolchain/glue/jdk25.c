/*
 * In libnio.a: the JDK's C source is one release newer than the JDK's Java part, and this is what differs in it, besides two files
 * of libjava that an image does not need. The assembling script stops at any other difference.
 */
#include <jni.h>

/* 25: void, and throws; 26: returns the error number. It is compiled under the name …fstatat0_of_26. */
extern jint Java_sun_nio_fs_UnixNativeDispatcher_fstatat0_of_26(
    JNIEnv *env, jclass c, jint folder, jlong path, jint flag, jobject attributes);

JNIEXPORT void JNICALL Java_sun_nio_fs_UnixNativeDispatcher_fstatat0(
    JNIEnv *env, jclass c, jint folder, jlong path, jint flag, jobject attributes) {
  jint error = Java_sun_nio_fs_UnixNativeDispatcher_fstatat0_of_26(env, c, folder, path, flag, attributes);
  if (error == 0) return;
  jclass type = (*env)->FindClass(env, "sun/nio/fs/UnixException");
  if (type == NULL) return;
  jmethodID constructor = (*env)->GetMethodID(env, type, "<init>", "(I)V");
  if (constructor == NULL) return;
  jobject thrown = (*env)->NewObject(env, type, constructor, error);
  if (thrown != NULL) (*env)->Throw(env, thrown);
}

/* Gone in 26: whether urgent data is to be read away by hand after a poll, which only macOS needs. */
JNIEXPORT jboolean JNICALL Java_sun_nio_ch_Net_discardOOB(JNIEnv *env, jclass c, jobject descriptor) { return JNI_FALSE; }
